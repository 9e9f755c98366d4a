// Remembers for a short while whose a customer is: a fact that never changes once it is true.
import type { Database } from '@paystream/database';
import type { CustomerOwner } from '../store/find-customers.ts';
import { findCustomers } from '../store/find-customers.ts';

/** An erased person's key is forgotten after this. */
const KEPT_MS = 60_000;
const KEPT_CUSTOMERS_MAX = 50_000;

export interface Owners {
  /** Owners of those that exist, by uuid; what is not remembered is read in one statement. */
  load(customerUuids: readonly string[]): Promise<ReadonlyMap<string, CustomerOwner>>;
}

export function createOwners(database: Database): Owners {
  const kept = new Map<string, { owner: CustomerOwner; untilMs: number }>();

  const remembered = (customerUuids: readonly string[], nowMs: number): Map<string, CustomerOwner> => {
    const found = new Map<string, CustomerOwner>();
    for (const uuid of customerUuids) {
      const entry = kept.get(uuid);
      if (entry !== undefined && entry.untilMs > nowMs) found.set(uuid, entry.owner);
    }
    return found;
  };

  return {
    load: async (customerUuids) => {
      const nowMs = Date.now();
      const owners = remembered(customerUuids, nowMs);
      const missing = new Set(customerUuids.filter((uuid) => !owners.has(uuid)));
      if (missing.size === 0) return owners;
      for (const [uuid, owner] of await findCustomers(database, [...missing])) {
        owners.set(uuid, owner);
        kept.delete(uuid);
        kept.set(uuid, { owner, untilMs: nowMs + KEPT_MS });
      }
      forgetOldest(kept);
      return owners;
    },
  };
}

function forgetOldest(kept: Map<string, unknown>): void {
  // A map keeps its entries in the order they were set.
  for (const uuid of kept.keys()) {
    if (kept.size <= KEPT_CUSTOMERS_MAX) return;
    kept.delete(uuid);
  }
}
