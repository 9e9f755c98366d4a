// Says how money moves: postings between two accounts and holds on one, and what they come to per account.

export interface Movement {
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly currency: string;
  /** Above zero. */
  readonly amountMinor: bigint;
}

/** Raises what is held on an account, or lowers it when below zero. */
export interface Hold {
  readonly accountId: string;
  readonly amountMinor: bigint;
}

export interface Change {
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
}

/** Signed changes per account, in the order in which the accounts are first named. */
export type Changes = ReadonlyMap<string, Change>;

export const NO_CHANGE: Change = { postedMinor: 0n, heldMinor: 0n };

/** `debitAccount → creditAccount: amountMinor`; nothing for zero, and the other way round for what is below it. */
export function move(debitAccount: string, creditAccount: string, currency: string, amountMinor: bigint): Movement[] {
  if (amountMinor === 0n) return [];
  if (amountMinor > 0n) return [{ debitAccount, creditAccount, currency, amountMinor }];
  return [{ debitAccount: creditAccount, creditAccount: debitAccount, currency, amountMinor: -amountMinor }];
}

/** Nothing for a hold of zero. */
export function hold(accountId: string, amountMinor: bigint): Hold[] {
  return amountMinor === 0n ? [] : [{ accountId, amountMinor }];
}

/** What movements (credits less debits) and holds come to. An account whose movements cancel out is changed all the same. */
export function changesOf(movements: readonly Movement[], holds: readonly Hold[]): Changes {
  const changes = new Map<string, Change>();
  const add = (accountId: string, postedMinor: bigint, heldMinor: bigint) => {
    const before = changes.get(accountId) ?? NO_CHANGE;
    changes.set(accountId, {
      postedMinor: before.postedMinor + postedMinor,
      heldMinor: before.heldMinor + heldMinor,
    });
  };
  for (const { debitAccount, creditAccount, amountMinor } of movements) {
    add(debitAccount, -amountMinor, 0n);
    add(creditAccount, amountMinor, 0n);
  }
  for (const { accountId, amountMinor } of holds) add(accountId, 0n, amountMinor);
  return changes;
}
