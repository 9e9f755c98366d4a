// Re-derives the books from the log, operation by operation in the order of the books, and reports every difference.

import { checkAccounts } from './check-accounts.ts';
import { walkBooks } from './check-books.ts';
import { checkOutcome } from './check-outcome.ts';
import { checkDisputes, checkPayments } from './check-payments.ts';
import { checkRepetitions } from './check-repetitions.ts';
import type { Difference } from './differences.ts';
import { createDifferences, DIFFERENCES_KEPT_MAX } from './differences.ts';
import type { PartitionLog } from './inputs.ts';
import { mergeByPlace } from './merge.ts';
import type { Decided } from './partition-cursor.ts';
import { createPartitionCursor } from './partition-cursor.ts';
import { comparePlaces } from './place.ts';
import type { Books, OperationRow } from './rows.ts';
import { createState } from './state.ts';

export interface ProofReport {
  readonly accounts: number;
  readonly payments: number;
  readonly disputes: number;
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
 * Proves books against log. Memory grows with accounts and payments, each a few numbers, never with records. Rejects only
 * if a source does; whatever is wrong with log or books is a difference in the report.
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
  const state = createState();
  try {
    for await (const decided of mergeByPlace(cursors)) {
      const decidedBefore = await findCorrected(decided, books);
      const expectation = checkOutcome(decided, { partition: decided.partition, state, decidedBefore }, differences);
      if (await walk.check(decided, expectation)) continue;
      const { outcome, partition, ledgerNumber, index } = decided;
      const { operationId, sourceOffset: offset } = outcome;
      // Beyond the kept differences nobody reads the finer word, and books that lost everything would cost a query each.
      const mayLookUp = differences.count() < differencesKeptMax;
      const elsewhere = mayLookUp ? await books.findOperations([operationId]) : [];
      if (elsewhere.length > 0) differences.add({ kind: 'settled_twice', operationId, partition, offset });
      else differences.add({ kind: 'operation_missing', operationId, ledgerNumber, index });
    }
    await walk.finish();
    const repeated = await repetitions.finish();
    const accounts = await checkAccounts(books.accounts, state.balances, differences);
    const payments = await checkPayments(books.payments, state.payments, differences);
    const disputes = await checkDisputes(books.disputes, state.disputes, differences);
    const counts = cursors.map((cursor) => cursor.counts());
    return {
      accounts,
      payments,
      disputes,
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

/**
 * How the operation that a correction names was decided last before it, when that was from the same partition.
 * Asking the books is no circle: each of their rows is compared with the log at its own place.
 */
async function findCorrected({ asked, partition, ...place }: Decided, books: Books): Promise<OperationRow | undefined> {
  const ofOperationId = asked?.correction?.ofOperationId;
  if (ofOperationId === undefined) return undefined;
  const rows = await books.findOperations([ofOperationId]);
  return rows
    .filter((row) => row.sourcePartition === partition && comparePlaces(row, place) < 0)
    .toSorted(comparePlaces)
    .at(-1);
}
