// Stores who agreed to a correction, once.
import type { Transaction } from '@paystream/database';

/** False when it does not wait for anybody. */
export async function approveCorrection(
  transaction: Transaction,
  uuid: string,
  approverUuid: string,
): Promise<boolean> {
  const count = await transaction.execute({
    text: `UPDATE corrections SET status = 'ordered', approver_id = $2 WHERE id = $1 AND status = 'awaiting_approval'`,
    values: [uuid, approverUuid],
  });
  return count === 1;
}
