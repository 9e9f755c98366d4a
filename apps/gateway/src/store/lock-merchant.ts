// Locks a merchant until the transaction ends, so that its settings change one after the other.
import type { Transaction } from '@paystream/database';

/** False when there is no such merchant. */
export async function lockMerchant(transaction: Transaction, merchantUuid: string): Promise<boolean> {
  const rows = await transaction.query({
    text: 'SELECT id FROM merchants WHERE id = $1 FOR NO KEY UPDATE',
    values: [merchantUuid],
  });
  return rows.length === 1;
}
