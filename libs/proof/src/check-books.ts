// Walks the books beside the log, in the same order: every decision and posting must be there, and nothing else.

import type { Expectation } from './check-outcome.ts';
import type { Differences } from './differences.ts';
import { disagreements } from './differences.ts';
import type { Movement } from './movements.ts';
import { createReader } from './ordered-reader.ts';
import type { Decided } from './partition-cursor.ts';
import { comparePlaces } from './place.ts';
import type { Books, OperationRow, Place, PostingRow } from './rows.ts';

export interface BooksWalk {
  /** Whether the books hold a decision at the place; to be asked before it is checked. */
  readonly holds: (place: Place) => Promise<boolean>;
  /** Compares what the books hold at the outcome's place. */
  readonly check: (decided: Decided, expectation: Expectation) => Promise<void>;
  /** Reports all that is left: nothing may be. */
  readonly finish: () => Promise<void>;
  readonly counts: () => { readonly operations: number; readonly postings: number };
  /** The highest ledger number that the books hold. */
  readonly lastNumber: () => bigint;
  readonly close: () => Promise<void>;
}

export function walkBooks(books: Pick<Books, 'operations' | 'postings'>, differences: Differences): BooksWalk {
  const operations = createReader(books.operations);
  const postings = createReader(books.postings);
  let operationCount = 0;
  let postingCount = 0;
  let lastNumber = 0n;

  /** Passes over, and names, all before the place; shows the decision there. */
  const findOperation = async (place: Place | null): Promise<OperationRow | undefined> => {
    for (;;) {
      const row = await operations.peek();
      const order = row === undefined || place === null ? -1 : comparePlaces(row, place);
      if (row === undefined || order > 0) return undefined;
      if (order === 0) return row;
      skipOperation(row);
      const { operationId, ledgerNumber, index } = row;
      differences.add({ kind: 'operation_extra', operationId, ledgerNumber, index });
    }
  };
  const skipOperation = (row: OperationRow): void => {
    operations.skip();
    operationCount += 1;
    if (row.ledgerNumber > lastNumber) lastNumber = row.ledgerNumber;
  };
  const takeOperation = async (place: Place | null): Promise<OperationRow | undefined> => {
    const row = await findOperation(place);
    if (row !== undefined) skipOperation(row);
    return row;
  };

  const takePostings = async (place: Place | null): Promise<PostingRow[]> => {
    const taken: PostingRow[] = [];
    for (;;) {
      const row = await postings.peek();
      const order = row === undefined || place === null ? -1 : comparePlaces(row, place);
      if (row === undefined || order > 0) return taken;
      postings.skip();
      postingCount += 1;
      if (row.ledgerNumber > lastNumber) lastNumber = row.ledgerNumber;
      if (order === 0) taken.push(row);
      else differences.add(extraPosting(row));
    }
  };

  return {
    holds: async (place) => (await findOperation(place)) !== undefined,
    check: async (decided, expectation) => {
      const row = await takeOperation(decided);
      if (row !== undefined) checkOperation(decided, expectation, row, differences);
      checkPostings(decided, expectation.movements, await takePostings(decided), differences);
    },
    finish: async () => {
      await takeOperation(null);
      await takePostings(null);
    },
    lastNumber: () => lastNumber,
    counts: () => ({ operations: operationCount, postings: postingCount }),
    close: async () => {
      await Promise.all([operations.close(), postings.close()]);
    },
  };
}

function checkOperation(
  { outcome, asked, partition, ledgerNumber, index }: Decided,
  expectation: Expectation,
  row: OperationRow,
  differences: Differences,
): void {
  // The books keep a report under its own name, though it settles in that of the pay-out it ends.
  const { operationId, operation } = asked ?? outcome;
  const fields = disagreements([
    ['operation id', operationId, row.operationId],
    ['operation', operation, row.operation],
    ['payment id', outcome.paymentId, row.paymentId],
    ['pass', asked?.pass ?? row.pass, row.pass],
    ['source partition', partition, row.sourcePartition],
    ['source offset', outcome.sourceOffset, row.sourceOffset],
    ['outcome', expectation.outcome, row.outcome],
    ['failure code', expectation.failureCode, row.failureCode],
  ]);
  for (const disagreement of fields) {
    differences.add({ kind: 'operation_changed', operationId, ledgerNumber, index, ...disagreement });
  }
}

function checkPostings(
  { outcome: { operationId }, ledgerNumber, index }: Decided,
  movements: readonly Movement[],
  rows: readonly PostingRow[],
  differences: Differences,
): void {
  const place = { operationId, ledgerNumber, index };
  const unseen = new Map(movements.entries());
  for (const row of rows) {
    const movement = unseen.get(row.line);
    unseen.delete(row.line);
    if (movement === undefined) {
      differences.add(extraPosting(row));
      continue;
    }
    const fields = (['debitAccount', 'creditAccount', 'currency', 'amountMinor'] as const).map(
      (field) => [field, movement[field], row[field]] as const,
    );
    for (const disagreement of disagreements(fields)) {
      differences.add({ kind: 'posting_changed', ...place, line: row.line, ...disagreement });
    }
  }
  for (const [line, movement] of unseen) {
    differences.add({ kind: 'posting_missing', ...place, line, posting: sayPosting(movement) });
  }
}

function extraPosting(row: PostingRow) {
  const { ledgerNumber, index, line } = row;
  return { kind: 'posting_extra', ledgerNumber, index, line, posting: sayPosting(row) } as const;
}

function sayPosting({ amountMinor, currency, debitAccount, creditAccount }: Movement): string {
  return `${amountMinor} ${currency} from ${debitAccount} to ${creditAccount}`;
}
