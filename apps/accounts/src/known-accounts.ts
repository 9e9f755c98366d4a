// Remembers which accounts have a row, so that a batch of known ones need not ask: a row is never deleted.
import type { Database } from '@paystream/database';
import type { Account } from '@paystream/ledger';
import { insertMissingAccounts } from './store/insert-missing-accounts.ts';
import { waitForOthers } from './store/wait-for-others.ts';

/** Some 20 MB of ids; beyond, the longest known are asked for again. */
const REMEMBERED_MAX = 100_000;

export interface KnownAccounts {
  /** Gives every account that may have no row one, at zero, in a transaction of its own: it harms nobody if no batch follows. */
  ensure(database: Database, accounts: readonly Account[]): Promise<void>;
  /** Forgets all: the database has been set back. */
  forget(): void;
}

export function createKnownAccounts(): KnownAccounts {
  const known = new Set<string>();
  return {
    ensure: async (database, accounts) => {
      const unknown = accounts.filter(({ id }) => !known.has(id));
      if (unknown.length === 0) return;
      await waitForOthers(() => insertMissingAccounts(database, unknown));
      for (const { id } of unknown) known.add(id);
      // A set keeps its entries in the order they were added.
      for (const id of known) {
        if (known.size <= REMEMBERED_MAX) break;
        known.delete(id);
      }
    },
    forget: () => known.clear(),
  };
}
