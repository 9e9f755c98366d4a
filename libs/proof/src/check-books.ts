// Walks the books beside the log, in the same order: every decision and posting must be there, and nothing else.

import type { Movement } from './balances.ts';
import type { Expectation } from './check-settled.ts';
import type { Differences } from './differences.ts';
import type { Books, OperationRow, Place, PostingRow } from './inputs.ts';
import { createReader } from './ordered-reader.ts';
import type { Decided } from './partition-cursor.ts';
import { comparePlaces } from './place.ts';

export interface BooksWalk {
  /** Compares what the books hold at the outcome's place; true when they hold the decision. */
  readonly check: (decided: Decided, expectation: Expectation) => Promise<boolean>;
  /** Reports all that is left: nothing may be. */
  readonly finish: () => Promise<void>;
  readonly counts: () => { readonly operations: number; readonly postings: number };
  readonly close: () => Promise<void>;
}

export function walkBooks(books: Pick<Books, 'operations' | 'postings'>, differences: Differences): BooksWalk {
  const operations = createReader(books.operations);
  const postings = createReader(books.postings);
  let operationCount = 0;
  let postingCount = 0;

  const takeOperation = async (place: Place | null): Promise<OperationRow | undefined> => {
    for (;;) {
      const row = await operations.peek();
      const order = row === undefined || place === null ? -1 : comparePlaces(row, place);
      if (row === undefined || order > 0) return undefined;
      operations.skip();
      operationCount += 1;
      if (order === 0) return row;
      const { operationId, ledgerNumber, index } = row;
      differences.add({ kind: 'operation_extra', operationId, ledgerNumber, index });
    }
  };

  const takePostings = async (place: Place | null): Promise<PostingRow[]> => {
    const taken: PostingRow[] = [];
    for (;;) {
      const row = await postings.peek();
      const order = row === undefined || place === null ? -1 : comparePlaces(row, place);
      if (row === undefined || order > 0) return taken;
      postings.skip();
      postingCount += 1;
      if (order === 0) taken.push(row);
      else differences.add(extraPosting(row));
    }
  };

  return {
    check: async (decided, expectation) => {
      const row = await takeOperation(decided);
      if (row !== undefined) checkOperation(decided, expectation, row, differences);
      checkPostings(decided, expectation.movements, await takePostings(decided), differences);
      return row !== undefined;
    },
    finish: async () => {
      await takeOperation(null);
      await takePostings(null);
    },
    counts: () => ({ operations: operationCount, postings: postingCount }),
    close: async () => {
      await Promise.all([operations.close(), postings.close()]);
    },
  };
}

function checkOperation(
  { settled, asked, partition, ledgerNumber, index }: Decided,
  { status, failureCode }: Expectation,
  row: OperationRow,
  differences: Differences,
): void {
  const { operationId } = settled;
  const pairs = [
    ['operation id', operationId, row.operationId],
    ['operation', settled.operation, row.operation],
    ['payment id', settled.paymentId, row.paymentId],
    ['pass', asked?.pass ?? row.pass, row.pass],
    ['source partition', partition, row.sourcePartition],
    ['source offset', settled.sourceOffset, row.sourceOffset],
    ['status', status, row.status],
    ['failure code', failureCode, row.failureCode],
  ] as const;
  for (const [field, expected, found] of pairs) {
    if (expected === found) continue;
    const disagreement = { field, expected: String(expected), found: String(found) };
    differences.add({ kind: 'operation_changed', operationId, ledgerNumber, index, ...disagreement });
  }
}

function checkPostings(
  { settled: { operationId }, ledgerNumber, index }: Decided,
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
    for (const field of ['debitAccount', 'creditAccount', 'currency', 'amountMinor'] as const) {
      if (movement[field] === row[field]) continue;
      const disagreement = { field, expected: String(movement[field]), found: String(row[field]) };
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
