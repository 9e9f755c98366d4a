// Owns the proof's own picture of every account: the only thing that grows while it runs, with accounts, not with payments.

export interface Balance {
  postedMinor: bigint;
  heldMinor: bigint;
  version: bigint;
}

export interface Movement {
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly currency: string;
  readonly amountMinor: bigint;
}

export interface Balances {
  /** The account as it is now; an account nobody has named yet stands at zero. */
  readonly of: (accountId: string) => Readonly<Balance>;
  /** Posts the movements of one operation; every account among them gains one version. Returns the change per account. */
  readonly post: (movements: readonly Movement[]) => ReadonlyMap<string, bigint>;
  readonly entries: () => IterableIterator<[string, Readonly<Balance>]>;
  readonly forget: (accountId: string) => void;
}

const ZERO: Readonly<Balance> = Object.freeze({ postedMinor: 0n, heldMinor: 0n, version: 0n });

export function createBalances(): Balances {
  const accounts = new Map<string, Balance>();

  const open = (accountId: string): Balance => {
    const known = accounts.get(accountId);
    if (known !== undefined) return known;
    const fresh = { postedMinor: 0n, heldMinor: 0n, version: 0n };
    accounts.set(accountId, fresh);
    return fresh;
  };

  return {
    of: (accountId) => accounts.get(accountId) ?? ZERO,
    post: (movements) => {
      const changes = changesOf(movements);
      for (const [accountId, changeMinor] of changes) {
        const balance = open(accountId);
        balance.postedMinor += changeMinor;
        balance.version += 1n;
      }
      return changes;
    },
    entries: () => accounts.entries(),
    forget: (accountId) => {
      accounts.delete(accountId);
    },
  };
}

/** Signed change per account in minor units: credits less debits. */
export function changesOf(movements: readonly Movement[]): Map<string, bigint> {
  const changes = new Map<string, bigint>();
  for (const { debitAccount, creditAccount, amountMinor } of movements) {
    changes.set(debitAccount, (changes.get(debitAccount) ?? 0n) - amountMinor);
    changes.set(creditAccount, (changes.get(creditAccount) ?? 0n) + amountMinor);
  }
  return changes;
}
