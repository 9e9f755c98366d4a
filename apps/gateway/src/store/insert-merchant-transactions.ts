// Stores what happened to merchants' balances; a place in the books is written once.
import { rowsParameter } from '@paystream/database';
import type { StatusPart } from './status-part.ts';

export interface MerchantTransaction {
  merchantUuid: string;
  environment: string;
  ledgerNumber: bigint;
  ledgerIndex: number;
  /** payable | receivable */
  accountKind: string;
  currency: string;
  operationId: string;
  paymentId: string;
  /** The operation: pay, refund, … */
  kind: string;
  /** Signed: net and fee together. */
  grossMinor: bigint;
  /** What the merchant paid of it in fees; below zero when they were given back. */
  feeMinor: bigint;
  /** Signed: by how much the balance changed. */
  netMinor: bigint;
  balanceAfterMinor: bigint;
  settledAtMicros: bigint;
}

export const merchantTransactionsPart: StatusPart<MerchantTransaction> = {
  text: `INSERT INTO merchant_transactions (merchant_id, environment, ledger_number, ledger_index, account_kind, currency,
                                            operation_id, payment_id, kind, gross_minor, fee_minor, net_minor,
                                            balance_after_minor, settled_at)
         SELECT merchant_id, environment, ledger_number, ledger_index, account_kind, currency, operation_id, payment_id,
                kind, gross_minor, fee_minor, net_minor, balance_after_minor,
                to_timestamp(0) + settled_at * interval '1 microsecond'
           FROM unnest($1::merchant_transaction_row[])
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY merchant_id, environment, ledger_number, ledger_index, account_kind, currency
         ON CONFLICT DO NOTHING`,
  parameters: (rows) => [
    rowsParameter(
      rows.map((row) => [
        ...[row.merchantUuid, row.environment, row.ledgerNumber, row.ledgerIndex, row.accountKind, row.currency],
        ...[row.operationId, row.paymentId, row.kind, row.grossMinor, row.feeMinor, row.netMinor],
        ...[row.balanceAfterMinor, row.settledAtMicros],
      ]),
    ),
  ],
};
