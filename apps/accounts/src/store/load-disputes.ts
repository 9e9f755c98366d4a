// Reads what is set aside for disputes that a batch names.
import type { Transaction } from '@paystream/database';
import type { Dispute } from '@paystream/ledger';

/** Those of the disputes that exist, by dispute id. */
export async function loadDisputes(
  transaction: Transaction,
  disputeIds: readonly string[],
): Promise<Map<string, Dispute>> {
  if (disputeIds.length === 0) return new Map();
  const rows = await transaction.query<Dispute>({
    name: 'load-disputes',
    text: `SELECT dispute_id AS "disputeId", payment_id AS "paymentId", environment, merchant_id AS "merchantId",
                  customer_id AS "customerId", currency, amount AS "amountMinor", fee AS "feeMinor", from_receivable AS "fromReceivableMinor",
                  source, status
             FROM disputes WHERE dispute_id = ANY($1::text[])`,
    values: [disputeIds],
  });
  return new Map(rows.map((dispute) => [dispute.disputeId, dispute]));
}
