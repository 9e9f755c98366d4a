// Stores what has become of payments and pay-outs; what is older in the books never overwrites what is newer.
import type { Transaction } from '@paystream/database';
import { toJson } from '@paystream/http';
import type { PaymentState } from '../status/payment-states.ts';

/** The states must be of different payments. Rows are taken in one order, so that two writers never block each other. */
export async function upsertPaymentStates(transaction: Transaction, states: readonly PaymentState[]): Promise<void> {
  if (states.length === 0) return;
  await transaction.execute({
    name: 'upsert-payment-states',
    text: `INSERT INTO payment_states AS s (payment_id, status, authorized_minor, captured_minor, refunded_minor,
                                            disputed_minor, fees, fx, hold_ends_at, ledger_number, ledger_index)
           SELECT payment_id, status, authorized_minor, captured_minor, refunded_minor, disputed_minor, fees::json,
                  fx::json, to_timestamp(0) + hold_ends_at * interval '1 microsecond', ledger_number, ledger_index
             FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                         $8::text[], $9::bigint[], $10::bigint[], $11::int[])
               AS n(payment_id, status, authorized_minor, captured_minor, refunded_minor, disputed_minor, fees, fx,
                    hold_ends_at, ledger_number, ledger_index)
            ORDER BY payment_id
           ON CONFLICT (payment_id) DO UPDATE
              SET status = excluded.status, authorized_minor = excluded.authorized_minor,
                  captured_minor = excluded.captured_minor, refunded_minor = excluded.refunded_minor,
                  disputed_minor = excluded.disputed_minor, fees = excluded.fees, fx = excluded.fx,
                  hold_ends_at = coalesce(excluded.hold_ends_at, s.hold_ends_at),
                  ledger_number = excluded.ledger_number, ledger_index = excluded.ledger_index
            WHERE (excluded.ledger_number, excluded.ledger_index) > (s.ledger_number, s.ledger_index)`,
    values: [
      states.map(({ paymentUuid }) => paymentUuid),
      states.map(({ status }) => status),
      states.map(({ sums }) => sums.authorizedMinor),
      states.map(({ sums }) => sums.capturedMinor),
      states.map(({ sums }) => sums.refundedMinor),
      states.map(({ sums }) => sums.disputedMinor),
      states.map(({ fees }) => toJson(fees)),
      states.map(({ fx }) => fx && toJson(fx)),
      states.map(({ holdEndsAtMicros }) => holdEndsAtMicros),
      states.map(({ ledgerNumber }) => ledgerNumber),
      states.map(({ ledgerIndex }) => ledgerIndex),
    ],
  });
}
