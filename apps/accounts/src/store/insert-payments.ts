// Keeps what of each new payment's money is where, and the terms by which follow-ups will be priced.
import type { RowValue } from '@paystream/database';
import { rowsParameter } from '@paystream/database';
import type { Payment } from '@paystream/ledger';
import type { SavePart } from './save-part.ts';
import { termsToJson } from './terms-json.ts';

/** chr(30): JSON has no such character, so its texts travel as one, with nothing in them to be escaped. */
const RECORD_SEPARATOR = '\u001e';

/** The payments and pay-outs that the batch began. */
export const paymentsPart: SavePart<readonly Payment[]> = {
  // The last argument of string_to_array is the text that stands for null; of no payments there is no text, and no row.
  text: `INSERT INTO payments (payment_id, kind, environment, merchant_id, customer_id, currency, amount,
                               rules_version, fees, fx, expires_at, status, authorized, captured, capture_pending,
                               refunded, refund_pending, disputed, lost)
         SELECT p.payment_id, p.kind, p.environment, p.merchant_id, p.customer_id, p.currency, p.amount,
                p.rules_version, p.fees::json, p.fx::json, p.expires_at, p.status, p.authorized, p.captured,
                p.capture_pending, p.refunded, p.refund_pending, p.disputed, p.lost
           FROM ROWS FROM (unnest($1::payment_row[]), unnest(string_to_array($2, chr(30))),
                           unnest(string_to_array($3, chr(30), '')))
             AS p(payment_id, kind, environment, merchant_id, customer_id, currency, amount, rules_version, expires_at,
                  status, authorized, captured, capture_pending, refunded, refund_pending, disputed, lost, fees, fx)`,
  parameters: (payments) => [
    rowsParameter(payments.map(rowOf)),
    payments.map((payment) => termsToJson(payment.fees)).join(RECORD_SEPARATOR),
    payments.map(({ fx }) => (fx === null ? '' : termsToJson(fx))).join(RECORD_SEPARATOR),
  ],
};

function rowOf(payment: Payment): RowValue[] {
  return [
    ...[payment.paymentId, payment.kind, payment.environment, payment.merchantId, payment.customerId],
    ...[payment.currency, payment.amountMinor, payment.rulesVersion, payment.expiresAt, payment.status],
    ...[payment.authorizedMinor, payment.capturedMinor, payment.capturePendingMinor, payment.refundedMinor],
    ...[payment.refundPendingMinor, payment.disputedMinor, payment.lostMinor],
  ];
}
