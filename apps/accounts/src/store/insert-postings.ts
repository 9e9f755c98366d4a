// Adds to the books: one row per posting, never changed again.
import type { Transaction } from '@paystream/database';
import type { Decided } from '@paystream/ledger';

/** Inserts the postings of the batch's decisions, each at the place of its decision, lines counted from 0. */
export async function insertPostings(
  transaction: Transaction,
  { ledgerNumber, decisions }: { ledgerNumber: bigint; decisions: readonly Decided[] },
): Promise<void> {
  const rows = decisions.flatMap(({ index, postings }) =>
    postings.map((posting, line) => ({ index, line, ...posting })),
  );
  if (rows.length === 0) return;
  await transaction.execute({
    name: 'insert-postings',
    text: `INSERT INTO postings (ledger_number, index, line, debit_account, credit_account, currency, amount)
           SELECT $1, * FROM unnest($2::int[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::bigint[])`,
    values: [
      ledgerNumber,
      rows.map((row) => row.index),
      rows.map((row) => row.line),
      rows.map((row) => row.debitAccount),
      rows.map((row) => row.creditAccount),
      rows.map((row) => row.currency),
      rows.map((row) => row.amountMinor),
    ],
  });
}
