// Reads where accounts stand, once they are locked.
import type { Account, AccountStatus } from '@paystream/ledger';
import type { Transaction } from '@paystream/database';

interface Row {
  id: string;
  status: AccountStatus;
  posted: bigint;
  held: bigint;
  overdraft: bigint;
  version: bigint;
}

/**
 * The accounts as they stand, by id.
 * @throws Error when one of them has no row
 */
export async function loadAccounts(
  transaction: Transaction,
  accounts: readonly Account[],
): Promise<Map<string, Account>> {
  const rows = await transaction.query<Row>({
    name: 'load-accounts',
    text: `SELECT id, status, posted, held, overdraft, version FROM accounts WHERE id = ANY($1::text[])`,
    values: [accounts.map((account) => account.id)],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const loaded = accounts.map((account) => {
    const row = byId.get(account.id);
    if (row === undefined) throw new Error(`account ${account.id} has no row`);
    const { status, posted: postedMinor, held: heldMinor, overdraft: overdraftMinor, version } = row;
    return [account.id, { ...account, status, postedMinor, heldMinor, overdraftMinor, version }] as const;
  });
  return new Map(loaded);
}
