// Owns the proof's own picture of every account: what is on it, what is held, its state, its limits and what was spent today.

import type { Changes } from './movements.ts';

export interface Account {
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly version: bigint;
  readonly status: string;
  readonly overdraftMinor: bigint;
  readonly dailyAmountMinor: bigint | null;
  readonly dailyCount: bigint | null;
  /** Days since the epoch, UTC. */
  readonly spentDay: bigint;
  readonly spentAmountMinor: bigint;
  readonly spentCount: bigint;
}

/** What an operation sets on an account beside postings and holds. */
export interface AccountChange {
  readonly accountId: string;
  readonly set: Partial<Omit<Account, 'postedMinor' | 'heldMinor' | 'version'>>;
}

export interface Balances {
  /** The account as it is now; an account nobody has named yet stands open and at zero. */
  readonly of: (accountId: string) => Account;
  /** Takes over one operation: each account it changes gains one version, however many ways it is changed in. */
  readonly apply: (changes: Changes, settings: readonly AccountChange[]) => void;
  readonly entries: () => IterableIterator<[string, Account]>;
  readonly forget: (accountId: string) => void;
}

export const UNTOUCHED: Account = Object.freeze({
  postedMinor: 0n,
  heldMinor: 0n,
  version: 0n,
  status: 'open',
  overdraftMinor: 0n,
  dailyAmountMinor: null,
  dailyCount: null,
  spentDay: 0n,
  spentAmountMinor: 0n,
  spentCount: 0n,
});

export function createBalances(): Balances {
  const accounts = new Map<string, Account>();
  const of = (accountId: string) => accounts.get(accountId) ?? UNTOUCHED;

  return {
    of,
    apply: (changes, settings) => {
      const versions = new Set([...changes.keys(), ...settings.map(({ accountId }) => accountId)]);
      for (const { accountId, set } of settings) accounts.set(accountId, { ...of(accountId), ...set });
      for (const accountId of versions) {
        const account = of(accountId);
        const { postedMinor, heldMinor } = changes.get(accountId) ?? { postedMinor: 0n, heldMinor: 0n };
        accounts.set(accountId, {
          ...account,
          postedMinor: account.postedMinor + postedMinor,
          heldMinor: account.heldMinor + heldMinor,
          version: account.version + 1n,
        });
      }
    },
    entries: () => accounts.entries(),
    forget: (accountId) => {
      accounts.delete(accountId);
    },
  };
}
