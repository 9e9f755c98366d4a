// Re-derives the books from the log, operation by operation in the order of the books, and reports every difference.

import { createBalances } from './balances.ts';
import { checkAccounts } from './check-accounts.ts';
import { walkBooks } from './check-books.ts';
import { checkRepetitions } from './check-repetitions.ts';
import { checkSettled } from './check-settled.ts';
import type { Difference } from './differences.ts';
import { createDifferences, DIFFERENCES_KEPT_MAX } from './differences.ts';
import type { Books, PartitionLog } from './inputs.ts';
import { mergeByPlace } from './merge.ts';
import { createPartitionCursor } from './partition-cursor.ts';

export interface ProofReport {
  readonly accounts: number;
  readonly operations: number;
  readonly postings: number;
  /** Records of `payment.processed` below the cuts. */
  readonly records: number;
  /** Records that repeat an operation decided before. */
  readonly repetitions: number;
  readonly deadLettered: number;
  /** All differences found; zero means that the books follow from the log to the last unit. */
  readonly differenceCount: number;
  /** The first of them, at most `differencesKeptMax`. */
  readonly differences: readonly Difference[];
}

export interface ProofInput {
  readonly partitions: readonly PartitionLog[];
  readonly books: Books;
  readonly differencesKeptMax?: number;
}

/**
 * Proves books against log. Memory grows with the number of accounts, never with the number of payments. Rejects only if
 * a source does; whatever is wrong with log or books is a difference in the report.
 */
export async function proveBooks({
  partitions,
  books,
  differencesKeptMax = DIFFERENCES_KEPT_MAX,
}: ProofInput): Promise<ProofReport> {
  const differences = createDifferences(differencesKeptMax);
  const repetitions = checkRepetitions(books.findOperations, differences);
  const cursors = partitions.map((log) => createPartitionCursor(log, differences, repetitions.add));
  const walk = walkBooks(books, differences);
  const balances = createBalances();
  try {
    for await (const decided of mergeByPlace(cursors)) {
      const expectation = checkSettled(decided, balances, differences);
      if (await walk.check(decided, expectation)) continue;
      const { settled, partition, ledgerNumber, index } = decided;
      const { operationId, sourceOffset: offset } = settled;
      // Beyond the kept differences nobody reads the finer word, and books that lost everything would cost a query each.
      const mayLookUp = differences.count() < differencesKeptMax;
      const elsewhere = mayLookUp ? await books.findOperations([operationId]) : [];
      if (elsewhere.length > 0) differences.add({ kind: 'settled_twice', operationId, partition, offset });
      else differences.add({ kind: 'operation_missing', operationId, ledgerNumber, index });
    }
    await walk.finish();
    const repeated = await repetitions.finish();
    const accounts = await checkAccounts(books.accounts, balances, differences);
    const counts = cursors.map((cursor) => cursor.counts());
    return {
      accounts,
      ...walk.counts(),
      records: counts.reduce((sum, { records }) => sum + records, 0),
      repetitions: repeated,
      deadLettered: counts.reduce((sum, { deadLettered }) => sum + deadLettered, 0),
      differenceCount: differences.count(),
      differences: differences.kept,
    };
  } finally {
    await Promise.all([...cursors, walk].map((source) => source.close()));
  }
}
