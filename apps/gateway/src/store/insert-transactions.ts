// Stores what happened to customers' wallets; a place in the books is written once.
import { rowsParameter } from '@paystream/database';
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
           FROM unnest($1::transaction_row[])
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY customer_id, ledger_number, ledger_index, currency
         ON CONFLICT DO NOTHING`,
  parameters: (rows) => [
    rowsParameter(
      rows.map((row) => [
        ...[
          row.customerUuid,
          row.ledgerNumber,
          row.ledgerIndex,
          row.currency,
          row.operationId,
          row.paymentId,
          row.kind,
        ],
        ...[row.status, row.amountMinor, row.heldChangeMinor, row.methodType, row.counterpartyId],
        ...[row.balanceAfterMinor, row.settledAtMicros],
      ]),
    ),
  ],
};
