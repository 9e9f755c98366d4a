// Stores disputes as the ledger settled them.
import type { Transaction } from '@paystream/database';
import { toUuid } from '@paystream/payments';
import type { StoredDispute } from './stored-dispute.ts';

export async function upsertDisputes(transaction: Transaction, disputes: readonly StoredDispute[]): Promise<void> {
  if (disputes.length === 0) return;
  await transaction.execute({
    name: 'upsert-disputes',
    text: `INSERT INTO disputes (id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor,
                                 currency, network_reason_code, due_by, opened_at, updated_at, ledger_number, ledger_index)
           SELECT id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor, currency,
                  network_reason_code, to_timestamp(0) + due_by * interval '1 microsecond',
                  to_timestamp(0) + opened_at * interval '1 microsecond',
                  to_timestamp(0) + updated_at * interval '1 microsecond', ledger_number, ledger_index
             FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::bigint[],
                         $8::bigint[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[],
                         $14::bigint[], $15::integer[])
               AS n(id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor, currency,
                    network_reason_code, due_by, opened_at, updated_at, ledger_number, ledger_index)
            ORDER BY id
           ON CONFLICT (id) DO UPDATE
              SET status = excluded.status, updated_at = excluded.updated_at,
                  ledger_number = excluded.ledger_number, ledger_index = excluded.ledger_index`,
    values: [
      disputes.map(({ uuid }) => uuid),
      disputes.map(({ paymentId }) => paymentId),
      disputes.map(({ merchantId }) => toUuid(merchantId)),
      disputes.map(({ environment }) => environment),
      disputes.map(({ customerId }) => customerId && toUuid(customerId)),
      disputes.map(({ status }) => status),
      disputes.map(({ amountMinor }) => amountMinor),
      disputes.map(({ feeMinor }) => feeMinor),
      disputes.map(({ currency }) => currency),
      disputes.map(({ networkReasonCode }) => networkReasonCode),
      disputes.map(({ dueByMicros }) => dueByMicros),
      disputes.map(({ openedAtMicros }) => openedAtMicros),
      disputes.map(({ updatedAtMicros }) => updatedAtMicros),
      disputes.map(({ ledgerNumber }) => ledgerNumber),
      disputes.map(({ ledgerIndex }) => ledgerIndex),
    ],
  });
}
