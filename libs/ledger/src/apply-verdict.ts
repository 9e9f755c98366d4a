// Computes where each account stands after a verdict: its sums and settings, and one version more for whoever was changed.
import type { Account } from './account.ts';
import type { Verdict } from './verdict.ts';

/** The accounts a verdict changes as they are after it, in the order in which it names them. */
export function accountsAfter(
  { postings, holds, settings }: Pick<Verdict, 'postings' | 'holds' | 'settings'>,
  accountOf: (accountId: string) => Account,
): Map<string, Account> {
  const changed = new Map<string, Account>();
  const sofar = (accountId: string): Account => {
    const known = changed.get(accountId);
    if (known !== undefined) return known;
    const before = accountOf(accountId);
    return { ...before, version: before.version + 1n };
  };
  const change = (accountId: string, postedChangeMinor: bigint, heldChangeMinor: bigint): void => {
    const account = sofar(accountId);
    changed.set(accountId, {
      ...account,
      postedMinor: account.postedMinor + postedChangeMinor,
      heldMinor: account.heldMinor + heldChangeMinor,
    });
  };
  for (const { debitAccount, creditAccount, amountMinor } of postings) {
    change(debitAccount, -amountMinor, 0n);
    change(creditAccount, amountMinor, 0n);
  }
  for (const { accountId, heldChangeMinor } of holds) change(accountId, 0n, heldChangeMinor);
  for (const { accountId, ...wanted } of settings) changed.set(accountId, { ...sofar(accountId), ...wanted });
  return changed;
}
