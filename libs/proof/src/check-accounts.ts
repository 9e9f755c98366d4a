// Compares every balance in the books with the proof's own, both ways, and each currency's sum with zero.

import type { Balances } from './balances.ts';
import type { Differences } from './differences.ts';
import type { AccountRow, Chunks } from './inputs.ts';

/** Returns how many accounts the books hold. Consumes `balances`: what the books hold too is forgotten. */
export async function checkAccounts(
  accounts: Chunks<AccountRow>,
  balances: Balances,
  differences: Differences,
): Promise<number> {
  const sums = new Map<string, bigint>();
  let count = 0;
  for await (const chunk of accounts) {
    count += chunk.length;
    for (const row of chunk) {
      checkAccount(row, balances, differences);
      const owner = `${environmentOf(row.accountId)} ${row.currency}`;
      sums.set(owner, (sums.get(owner) ?? 0n) + row.postedMinor);
    }
  }
  for (const [accountId, { postedMinor, version }] of balances.entries()) {
    if (version > 0n) differences.add({ kind: 'account_missing', accountId, expectedMinor: postedMinor });
  }
  for (const [currency, sumMinor] of sums) {
    if (sumMinor !== 0n) differences.add({ kind: 'currency_sum_not_zero', currency, sumMinor });
  }
  return count;
}

function checkAccount(row: AccountRow, balances: Balances, differences: Differences): void {
  const { accountId } = row;
  const expected = balances.of(accountId);
  balances.forget(accountId);
  // A row at zero that nothing has changed says nothing: wallets come into being so with the first operation naming them.
  const isBlank = row.postedMinor === 0n && row.heldMinor === 0n && row.version === 0n;
  if (expected.version === 0n && !isBlank) {
    differences.add({ kind: 'account_extra', accountId, foundMinor: row.postedMinor });
    return;
  }
  const fields = [
    ['posted', expected.postedMinor, row.postedMinor],
    ['held', expected.heldMinor, row.heldMinor],
    ['version', expected.version, row.version],
  ] as const;
  for (const [field, right, found] of fields) {
    if (right !== found) differences.add({ kind: 'balance_wrong', accountId, field, expected: right, found });
  }
  if (!accountId.split(':').includes(row.currency)) {
    const disagreement = { kind: 'account_extra', accountId, foundMinor: row.postedMinor } as const;
    differences.add(disagreement);
  }
}

function environmentOf(accountId: string): string {
  return accountId.split(':', 1).join('');
}
