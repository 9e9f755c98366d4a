// Keeps what customers spent where velocity rules count it.
import type { Transaction } from '@paystream/database';
import type { FoldedBatch } from '@paystream/ledger';

/** Inserts what the batch's operations spent. */
export async function insertSpends(
  transaction: Transaction,
  { ledgerNumber, spends }: { ledgerNumber: bigint; spends: FoldedBatch['spends'] },
): Promise<void> {
  if (spends.length === 0) return;
  await transaction.execute({
    name: 'insert-spends',
    text: `INSERT INTO spends (ledger_number, subject, requested_at, index, currency, amount)
           SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::int[], $5::text[], $6::bigint[])`,
    values: [
      ledgerNumber,
      spends.map(({ subject }) => subject),
      spends.map(({ spend }) => spend.requestedAt),
      spends.map(({ index }) => index),
      spends.map(({ spend }) => spend.currency),
      spends.map(({ spend }) => spend.amountMinor),
    ],
  });
}
