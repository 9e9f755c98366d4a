// Compares every account in the books with the proof's own, both ways, and each currency's sum with zero.

import type { Balances } from './balances.ts';
import { UNTOUCHED } from './balances.ts';
import type { Differences } from './differences.ts';
import { disagreements } from './differences.ts';
import type { Chunks } from './inputs.ts';
import type { AccountRow } from './rows.ts';

const SAID = {
  postedMinor: 'posted',
  heldMinor: 'held',
  version: 'version',
  status: 'status',
  overdraftMinor: 'overdraft',
  dailyAmountMinor: 'daily amount',
  dailyCount: 'daily count',
  spentDay: 'day of what was spent',
  spentAmountMinor: 'amount spent',
  spentCount: 'count spent',
} as const;

const ACCOUNT_FIELDS = Object.keys(SAID) as (keyof typeof SAID)[]; // the keys of the very object

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
  const fields = ACCOUNT_FIELDS.map((field) => [SAID[field], expected[field], row[field]] as const);
  // A row as it is made that nothing has changed says nothing: wallets come into being so with the first operation naming them.
  const isBlank = ACCOUNT_FIELDS.every((field) => row[field] === UNTOUCHED[field]);
  if (expected.version === 0n && !isBlank) {
    differences.add({ kind: 'account_extra', accountId, foundMinor: row.postedMinor });
    return;
  }
  for (const disagreement of disagreements(fields))
    differences.add({ kind: 'balance_wrong', accountId, ...disagreement });
  if (!accountId.split(':').includes(row.currency)) {
    const disagreement = { kind: 'account_extra', accountId, foundMinor: row.postedMinor } as const;
    differences.add(disagreement);
  }
}

function environmentOf(accountId: string): string {
  return accountId.split(':', 1).join('');
}
