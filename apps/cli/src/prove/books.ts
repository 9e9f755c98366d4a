// Reads the books of the accounts database as the proof takes them, from whatever tables the transaction sees.

import { readInChunks } from '@paystream/database';
import type { Transaction } from '@paystream/database';
import type {
  AccountRow,
  Books,
  CorrectionRow,
  DisputeRow,
  OperationRow,
  PaymentRow,
  PostingRow,
  SpendRow,
} from '@paystream/proof';

const OPERATION_COLUMNS = `operation_id AS "operationId", operation, payment_id AS "paymentId", pass, ledger_number AS "ledgerNumber", index,
  source_partition AS "sourcePartition", source_offset AS "sourceOffset", outcome, failure_code AS "failureCode"`;

/** Whose decisions stand at these places of the books. */
export function findByPlace(
  transaction: Transaction,
  places: readonly { readonly ledgerNumber: bigint; readonly ledgerIndex: number }[],
): Promise<OperationRow[]> {
  return transaction.query<OperationRow>({
    text: `SELECT ${OPERATION_COLUMNS} FROM operations
             JOIN unnest($1::bigint[], $2::int[]) AS place(ledger_number, index) USING (ledger_number, index)`,
    values: [places.map(({ ledgerNumber }) => ledgerNumber), places.map(({ ledgerIndex }) => ledgerIndex)],
  });
}

/** Streams of the snapshot that the transaction holds; it must stay open until they are read. */
export function readBooks(transaction: Transaction): Books {
  return {
    operations: readInChunks<OperationRow>(transaction, {
      text: `SELECT ${OPERATION_COLUMNS} FROM operations ORDER BY ledger_number, index`,
    }),
    postings: readInChunks<PostingRow>(transaction, {
      text: `SELECT ledger_number AS "ledgerNumber", index, line, debit_account AS "debitAccount",
                    credit_account AS "creditAccount", currency, amount AS "amountMinor"
               FROM postings ORDER BY ledger_number, index, line`,
    }),
    accounts: readInChunks<AccountRow>(transaction, {
      text: `SELECT id AS "accountId", currency, posted AS "postedMinor", held AS "heldMinor", version, status,
                    overdraft AS "overdraftMinor", daily_amount AS "dailyAmountMinor", daily_count AS "dailyCount",
                    spent_day AS "spentDay", spent_amount AS "spentAmountMinor", spent_count AS "spentCount"
               FROM accounts`,
    }),
    payments: readInChunks<PaymentRow>(transaction, {
      text: `SELECT payment_id AS "paymentId", environment, merchant_id AS "merchantId", customer_id AS "customerId", kind,
                    currency, amount AS "amountMinor", status, authorized AS "authorizedMinor",
                    captured AS "capturedMinor", capture_pending AS "capturePendingMinor",
                    refunded AS "refundedMinor", refund_pending AS "refundPendingMinor", disputed AS "disputedMinor",
                    lost AS "lostMinor", expires_at AS "expiresAt", rules_version AS "rulesVersion",
                    fees::text, fx::text
               FROM payments`,
    }),
    disputes: readInChunks<DisputeRow>(transaction, {
      text: `SELECT dispute_id AS "disputeId", payment_id AS "paymentId", environment, merchant_id AS "merchantId",
                    customer_id AS "customerId", currency, amount AS "amountMinor", fee AS "feeMinor", from_receivable AS "fromReceivableMinor",
                    source, status
               FROM disputes`,
    }),
    corrections: readInChunks<CorrectionRow>(transaction, {
      text: `SELECT of_operation_id AS "ofOperationId", operation_id AS "operationId" FROM corrections`,
    }),
    spends: readInChunks<SpendRow>(transaction, {
      text: `SELECT subject, requested_at AS "requestedAt", currency, amount AS "amountMinor" FROM spends`,
    }),
    nextLedgerNumber: async () => {
      // Not of the snapshot: a sequence says where it is now, which is never less than where it was.
      const [row] = await transaction.query<{ next: bigint }>({
        text: 'SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END AS next FROM ledger_numbers',
      });
      return row?.next ?? 0n;
    },
    findOperations: (operationIds) =>
      transaction.query<OperationRow>({
        text: `SELECT ${OPERATION_COLUMNS} FROM operations WHERE operation_id = ANY($1::text[])`,
        values: [operationIds],
      }),
  };
}
