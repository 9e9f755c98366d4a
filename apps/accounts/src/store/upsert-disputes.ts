// Keeps what is set aside for each dispute, and how it ended.
import type { Transaction } from '@paystream/database';
import type { Dispute } from '@paystream/ledger';

/**
 * Thrown when another partition's batch, committed while ours waited for it, has opened or ended a dispute of ours. No
 * record is to blame: a fact cannot be declined, so the batch is decided anew and finds the dispute as it is by now.
 */
class DisputeTakenError extends Error {
  readonly code = 'dispute_taken';
  readonly retriable = true;

  constructor(count: number) {
    super(`${count} disputes were opened or ended by others meanwhile`);
    this.name = 'DisputeTakenError';
  }
}

/**
 * Inserts new disputes and ends open ones; nothing but the status of a dispute ever changes.
 * @throws DisputeTakenError when one of them was opened or ended from another partition meanwhile
 */
export async function upsertDisputes(transaction: Transaction, disputes: readonly Dispute[]): Promise<void> {
  if (disputes.length === 0) return;
  const written = await transaction.execute({
    name: 'upsert-disputes',
    text: `INSERT INTO disputes AS known (dispute_id, payment_id, environment, merchant_id, customer_id, currency, amount, fee,
                                          from_receivable, source, status)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                                $8::bigint[], $9::bigint[], $10::text[], $11::text[])
           ON CONFLICT (dispute_id) DO UPDATE SET status = EXCLUDED.status
            WHERE known.status = 'open' AND EXCLUDED.status <> 'open' AND known.payment_id = EXCLUDED.payment_id`,
    values: [
      disputes.map((dispute) => dispute.disputeId),
      disputes.map((dispute) => dispute.paymentId),
      disputes.map((dispute) => dispute.environment),
      disputes.map((dispute) => dispute.merchantId),
      disputes.map((dispute) => dispute.customerId),
      disputes.map((dispute) => dispute.currency),
      disputes.map((dispute) => dispute.amountMinor),
      disputes.map((dispute) => dispute.feeMinor),
      disputes.map((dispute) => dispute.fromReceivableMinor),
      disputes.map((dispute) => dispute.source),
      disputes.map((dispute) => dispute.status),
    ],
  });
  if (written !== disputes.length) throw new DisputeTakenError(disputes.length - written);
}
