// Keeps what of each new payment's money is where, and the terms by which follow-ups will be priced.
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
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                                $8::int[], string_to_array($9, chr(30))::json[],
                                string_to_array($10, chr(30), '')::json[], $11::bigint[], $12::text[], $13::bigint[],
                                $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[],
                                $19::bigint[])`,
  parameters: (payments) => [
    payments.map((payment) => payment.paymentId),
    payments.map((payment) => payment.kind),
    payments.map((payment) => payment.environment),
    payments.map((payment) => payment.merchantId),
    payments.map((payment) => payment.customerId),
    payments.map((payment) => payment.currency),
    payments.map((payment) => payment.amountMinor),
    payments.map((payment) => payment.rulesVersion),
    payments.map((payment) => termsToJson(payment.fees)).join(RECORD_SEPARATOR),
    payments.map(({ fx }) => (fx === null ? '' : termsToJson(fx))).join(RECORD_SEPARATOR),
    payments.map((payment) => payment.expiresAt),
    payments.map((payment) => payment.status),
    payments.map((payment) => payment.authorizedMinor),
    payments.map((payment) => payment.capturedMinor),
    payments.map((payment) => payment.capturePendingMinor),
    payments.map((payment) => payment.refundedMinor),
    payments.map((payment) => payment.refundPendingMinor),
    payments.map((payment) => payment.disputedMinor),
    payments.map((payment) => payment.lostMinor),
  ],
};
