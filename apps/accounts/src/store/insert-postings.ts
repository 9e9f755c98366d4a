// Adds to the books: one row per posting, never changed again.
import type { Decided } from '@paystream/ledger';
import type { SavePart } from './save-part.ts';

export interface PostingRows {
  ledgerNumber: bigint;
  decisions: readonly Decided[];
}

/** The postings of the batch's decisions, each at the place of its decision, lines counted from 0. */
export const postingsPart: SavePart<PostingRows> = {
  text: `INSERT INTO postings (ledger_number, index, line, debit_account, credit_account, currency, amount)
         SELECT $1::bigint, * FROM unnest($2::int[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::bigint[])`,
  parameters: ({ ledgerNumber, decisions }) => {
    const rows = decisions.flatMap(({ index, postings }) =>
      postings.map((posting, line) => ({ index, line, posting })),
    );
    return [
      ledgerNumber,
      rows.map(({ index }) => index),
      rows.map(({ line }) => line),
      rows.map(({ posting }) => posting.debitAccount),
      rows.map(({ posting }) => posting.creditAccount),
      rows.map(({ posting }) => posting.currency),
      rows.map(({ posting }) => posting.amountMinor),
    ];
  },
};
