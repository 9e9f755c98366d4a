// Stores what happened to customers' wallets; a place in the books is written once.
import type { StatusPart } from './status-part.ts';

export interface WalletTransaction {
  customerUuid: string;
  ledgerNumber: bigint;
  ledgerIndex: number;
  currency: string;
  operationId: string;
  paymentId: string;
  /** The operation: pay, top_up, … */
  kind: string;
  status: string;
  /** Signed: what came in or went out; of a failed operation what would have. */
  amountMinor: bigint;
  /** Signed: what was set aside, or given back. */
  heldChangeMinor: bigint;
  methodType: string | null;
  counterpartyId: string | null;
  balanceAfterMinor: bigint;
  settledAtMicros: bigint;
}

export const transactionsPart: StatusPart<WalletTransaction> = {
  text: `INSERT INTO transactions (customer_id, ledger_number, ledger_index, currency, operation_id, payment_id, kind,
                                   status, amount_minor, held_change_minor, method_type, counterparty_id,
                                   balance_after_minor, settled_at)
         SELECT customer_id, ledger_number, ledger_index, currency, operation_id, payment_id, kind, status,
                amount_minor, held_change_minor, method_type, counterparty_id, balance_after_minor,
                to_timestamp(0) + settled_at * interval '1 microsecond'
           FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                       $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::bigint[])
             AS t(customer_id, ledger_number, ledger_index, currency, operation_id, payment_id, kind, status,
                  amount_minor, held_change_minor, method_type, counterparty_id, balance_after_minor, settled_at)
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY customer_id, ledger_number, ledger_index, currency
         ON CONFLICT DO NOTHING`,
  parameters: (rows) => [
    rows.map(({ customerUuid }) => customerUuid),
    rows.map(({ ledgerNumber }) => ledgerNumber),
    rows.map(({ ledgerIndex }) => ledgerIndex),
    rows.map(({ currency }) => currency),
    rows.map(({ operationId }) => operationId),
    rows.map(({ paymentId }) => paymentId),
    rows.map(({ kind }) => kind),
    rows.map(({ status }) => status),
    rows.map(({ amountMinor }) => amountMinor),
    rows.map(({ heldChangeMinor }) => heldChangeMinor),
    rows.map(({ methodType }) => methodType),
    rows.map(({ counterpartyId }) => counterpartyId),
    rows.map(({ balanceAfterMinor }) => balanceAfterMinor),
    rows.map(({ settledAtMicros }) => settledAtMicros),
  ],
};
