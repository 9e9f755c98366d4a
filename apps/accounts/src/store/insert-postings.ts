// Adds to the books: one row per posting, never changed again.
import { rowsParameter } from '@paystream/database';
import type { Decided } from '@paystream/ledger';
import type { SavePart } from './save-part.ts';

export interface PostingRows {
  ledgerNumber: bigint;
  decisions: readonly Decided[];
}

/** The postings of the batch's decisions, each at the place of its decision, lines counted from 0. */
export const postingsPart: SavePart<PostingRows> = {
  text: `INSERT INTO postings (ledger_number, index, line, debit_account, credit_account, currency, amount)
         SELECT $1::bigint, p.* FROM unnest($2::posting_row[]) AS p`,
  parameters: ({ ledgerNumber, decisions }) => [
    ledgerNumber,
    rowsParameter(
      decisions.flatMap(({ index, postings }) =>
        postings.map(({ debitAccount, creditAccount, currency, amountMinor }, line) => [
          ...[index, line, debitAccount, creditAccount, currency, amountMinor],
        ]),
      ),
    ),
  ],
};
