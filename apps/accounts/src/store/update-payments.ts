// Writes where the batch leaves each payment it changed: status and sums; its terms never change.
import type { Transaction } from '@paystream/database';
import type { Payment } from '@paystream/ledger';

/**
 * Writes the payments, which are sorted by id.
 * @throws Error when one of them has no row
 */
export async function updatePayments(transaction: Transaction, payments: readonly Payment[]): Promise<void> {
  if (payments.length === 0) return;
  const written = await transaction.execute({
    name: 'update-payments',
    text: `UPDATE payments
              SET status = changed.status, authorized = changed.authorized, captured = changed.captured,
                  capture_pending = changed.capture_pending, refunded = changed.refunded,
                  refund_pending = changed.refund_pending, disputed = changed.disputed, lost = changed.lost
             FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                         $8::bigint[], $9::bigint[])
                    AS changed(payment_id, status, authorized, captured, capture_pending, refunded, refund_pending,
                               disputed, lost)
            WHERE payments.payment_id = changed.payment_id`,
    values: [
      payments.map((payment) => payment.paymentId),
      payments.map((payment) => payment.status),
      payments.map((payment) => payment.authorizedMinor),
      payments.map((payment) => payment.capturedMinor),
      payments.map((payment) => payment.capturePendingMinor),
      payments.map((payment) => payment.refundedMinor),
      payments.map((payment) => payment.refundPendingMinor),
      payments.map((payment) => payment.disputedMinor),
      payments.map((payment) => payment.lostMinor),
    ],
  });
  if (written !== payments.length) throw new Error(`${payments.length - written} payments to change have no row`);
}
