// Remembers whose a customer is: a fact that hardly ever changes, and is forgotten when it does.
import type { Database } from '@paystream/database';
import type { Changes } from '../remembered/changes.ts';
import type { CustomerOwner } from '../store/find-customers.ts';
import { findCustomers } from '../store/find-customers.ts';

/** An erased person's key is forgotten after this, even when nothing is heard of the database's changes. */
const KEPT_MS = 60_000;
const KEPT_CUSTOMERS_MAX = 50_000;

export interface Owners {
  /** Owners of those that exist, by uuid; what is not remembered is read in one statement. */
  load(customerUuids: readonly string[]): Promise<ReadonlyMap<string, CustomerOwner>>;
}

export function createOwners(database: Database, changes: Changes): Owners {
  const kept = new Map<string, { owner: CustomerOwner; loadedAtMs: number }>();
  // What was being read while something was forgotten may be what should have been.
  let forgotten = 0;
  changes.onChange((customerUuid) => {
    forgotten += 1;
    if (customerUuid === null) kept.clear();
    else kept.delete(customerUuid);
  });

  const remembered = (customerUuids: readonly string[]): Map<string, CustomerOwner> => {
    const found = new Map<string, CustomerOwner>();
    const oldestMs = performance.now() - KEPT_MS;
    const isConfirmed = changes.confirmedAtMs() > oldestMs;
    for (const uuid of customerUuids) {
      const entry = kept.get(uuid);
      if (entry !== undefined && (isConfirmed || entry.loadedAtMs > oldestMs)) found.set(uuid, entry.owner);
    }
    return found;
  };

  return {
    load: async (customerUuids) => {
      const owners = remembered(customerUuids);
      const missing = new Set(customerUuids.filter((uuid) => !owners.has(uuid)));
      if (missing.size === 0) return owners;
      const loadedAtMs = performance.now();
      const forgottenBefore = forgotten;
      const loaded = await findCustomers(database, [...missing]);
      for (const [uuid, owner] of loaded) {
        owners.set(uuid, owner);
        if (forgotten !== forgottenBefore) continue;
        kept.delete(uuid);
        kept.set(uuid, { owner, loadedAtMs });
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
