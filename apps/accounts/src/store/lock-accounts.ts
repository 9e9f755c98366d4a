// Locks the accounts that several partitions share, for as long as the transaction lasts.
import type { Transaction } from '@paystream/database';

/**
 * Waits for and takes the locks in the order of the ids, so that two batches never wait for each other in a ring. Does
 * nothing else: a statement that locks and reads at once can return a new balance beside an old hold (tried).
 * @throws Error when one of the accounts has no row
 */
export async function lockAccounts(transaction: Transaction, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  const [row] = await transaction.query<{ count: bigint }>({
    name: 'lock-accounts',
    text: `SELECT count(*) AS count
             FROM (SELECT FROM accounts WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE) AS locked`,
    values: [accountIds],
  });
  if (row?.count !== BigInt(accountIds.length)) {
    throw new Error(`${row?.count} of ${accountIds.length} accounts could be locked; the others have no row`);
  }
}
