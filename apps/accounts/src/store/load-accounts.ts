// Reads where accounts stand, once they are locked.
import type { Account } from '@paystream/ledger';
import type { Transaction } from '@paystream/database';
import type { AccountRow } from './account-row.ts';
import { ACCOUNT_COLUMNS, accountFromRow } from './account-row.ts';

/**
 * The accounts as they stand, by id.
 * @throws Error when one of them has no row
 */
export async function loadAccounts(
  transaction: Transaction,
  accounts: readonly Account[],
): Promise<Map<string, Account>> {
  const rows = await transaction.query<AccountRow & { id: string }>({
    name: 'load-accounts',
    text: `SELECT id, ${ACCOUNT_COLUMNS} FROM accounts WHERE id = ANY($1::text[])`,
    values: [accounts.map((account) => account.id)],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const loaded = accounts.map((account) => {
    const row = byId.get(account.id);
    if (row === undefined) throw new Error(`account ${account.id} has no row`);
    return [account.id, accountFromRow(account, row)] as const;
  });
  return new Map(loaded);
}
