// Stores what happened to merchants' balances; a place in the books is written once.
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
           FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
                       $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
             AS t(merchant_id, environment, ledger_number, ledger_index, account_kind, currency, operation_id, payment_id,
                  kind, gross_minor, fee_minor, net_minor, balance_after_minor, settled_at)
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY merchant_id, environment, ledger_number, ledger_index, account_kind, currency
         ON CONFLICT DO NOTHING`,
  parameters: (rows) => [
    rows.map(({ merchantUuid }) => merchantUuid),
    rows.map(({ environment }) => environment),
    rows.map(({ ledgerNumber }) => ledgerNumber),
    rows.map(({ ledgerIndex }) => ledgerIndex),
    rows.map(({ accountKind }) => accountKind),
    rows.map(({ currency }) => currency),
    rows.map(({ operationId }) => operationId),
    rows.map(({ paymentId }) => paymentId),
    rows.map(({ kind }) => kind),
    rows.map(({ grossMinor }) => grossMinor),
    rows.map(({ feeMinor }) => feeMinor),
    rows.map(({ netMinor }) => netMinor),
    rows.map(({ balanceAfterMinor }) => balanceAfterMinor),
    rows.map(({ settledAtMicros }) => settledAtMicros),
  ],
};
