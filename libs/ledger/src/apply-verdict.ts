// Computes where each account stands after a verdict: its sums, and one version more for whoever was changed.
import type { Account } from './account.ts';
import type { Verdict } from './model.ts';

/** The accounts a verdict changes as they are after it, in the order in which it names them. */
export function accountsAfter(
  { postings, holds }: Pick<Verdict, 'postings' | 'holds'>,
  accountOf: (accountId: string) => Account,
): Map<string, Account> {
  const changed = new Map<string, Account>();
  const change = (accountId: string, postedChangeMinor: bigint, heldChangeMinor: bigint): void => {
    const before = accountOf(accountId);
    const sofar = changed.get(accountId) ?? { ...before, version: before.version + 1n };
    changed.set(accountId, {
      ...sofar,
      postedMinor: sofar.postedMinor + postedChangeMinor,
      heldMinor: sofar.heldMinor + heldChangeMinor,
    });
  };
  for (const { debitAccount, creditAccount, amountMinor } of postings) {
    change(debitAccount, -amountMinor, 0n);
    change(creditAccount, amountMinor, 0n);
  }
  for (const { accountId, heldChangeMinor } of holds) change(accountId, 0n, heldChangeMinor);
  return changed;
}
