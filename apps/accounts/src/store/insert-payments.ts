// Keeps what of each new payment's money is where, and the terms by which follow-ups will be priced.
import type { Transaction } from '@paystream/database';
import type { Payment } from '@paystream/ledger';

/** chr(30): JSON has no such character, so its texts travel as one, with nothing in them to be escaped. */
const RECORD_SEPARATOR = '\u001e';

/** Inserts the payments that the batch began. */
export async function insertPayments(transaction: Transaction, payments: readonly Payment[]): Promise<void> {
  if (payments.length === 0) return;
  await transaction.execute({
    name: 'insert-payments',
    text: `INSERT INTO payments (payment_id, environment, merchant_id, customer_id, currency, amount, rules_version, fees,
                                 status, authorized, captured, capture_pending, refunded, refund_pending, disputed)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::int[],
                                string_to_array($8, chr(30))::json[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                                $14::bigint[], $15::bigint[])`,
    values: [
      payments.map((payment) => payment.paymentId),
      payments.map((payment) => payment.environment),
      payments.map((payment) => payment.merchantId),
      payments.map((payment) => payment.customerId),
      payments.map((payment) => payment.currency),
      payments.map((payment) => payment.amountMinor),
      payments.map((payment) => payment.rulesVersion),
      payments.map((payment) => feesToJson(payment.fees)).join(RECORD_SEPARATOR),
      payments.map((payment) => payment.status),
      payments.map((payment) => payment.authorizedMinor),
      payments.map((payment) => payment.capturedMinor),
      payments.map((payment) => payment.capturePendingMinor),
      payments.map((payment) => payment.refundedMinor),
      payments.map((payment) => payment.refundPendingMinor),
      payments.map((payment) => payment.disputedMinor),
    ],
  });
}

/** Amounts as text: JSON's own numbers lose what is beyond 2^53. */
function feesToJson(fees: Payment['fees']): string {
  return JSON.stringify(
    fees.map((fee) => ({
      ...fee,
      ruleVersion: `${fee.ruleVersion}`,
      baseMinor: `${fee.baseMinor}`,
      fixedMinor: `${fee.fixedMinor}`,
      minMinor: textOrNull(fee.minMinor),
      maxMinor: textOrNull(fee.maxMinor),
      amountMinor: `${fee.amountMinor}`,
    })),
  );
}

function textOrNull(minor: bigint | null): string | null {
  return minor === null ? null : `${minor}`;
}
