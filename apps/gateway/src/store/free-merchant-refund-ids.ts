// Frees the merchant's own ids of refunds that failed: the next refund may bear them.
import type { Transaction } from '@paystream/database';

export async function freeMerchantRefundIds(transaction: Transaction, refundUuids: readonly string[]): Promise<void> {
  if (refundUuids.length === 0) return;
  await transaction.execute({
    name: 'free-merchant-refund-ids',
    text: 'DELETE FROM merchant_refund_ids WHERE operation_id = ANY ($1::uuid[])',
    values: [refundUuids],
  });
}
