// Re-derives the books from the log, operation by operation in the order of the books, and reports every difference.

import { checkAccounts } from './check-accounts.ts';
import { walkBooks } from './check-books.ts';
import { checkDeadLetters } from './check-dead-letters.ts';
import { checkEnds } from './check-ends.ts';
import { checkCorrections, checkLedgerNumbers, checkSpends } from './check-kept.ts';
import { checkOutcome } from './check-outcome.ts';
import { checkDisputes, checkPayments } from './check-payments.ts';
import { checkRepetitions } from './check-repetitions.ts';
import type { Difference, Differences } from './differences.ts';
import { createDifferences, sumUp } from './differences.ts';
import type { PartitionLog } from './inputs.ts';
import { mergeByPlace } from './merge.ts';
import type { Decided, Fate, Undecided } from './partition-cursor.ts';
import { createPartitionCursor, isNamedBy } from './partition-cursor.ts';
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
  /** How many of each kind, by name. */
  readonly differenceCounts: Readonly<Record<string, number>>;
  /** The first of each kind, sorted by kind. */
  readonly differences: readonly Difference[];
}

export interface ProofInput {
  readonly partitions: readonly PartitionLog[];
  readonly books: Books;
  /** Where differences are collected; whoever reads the log adds what cannot be read. */
  readonly differences?: Differences;
  /** Sees every record of `payment.processed` below the cuts, with what became of it. */
  readonly onRecord?: (record: Undecided, fate: Fate) => Promise<void>;
}

/** Operations without a row that are looked up elsewhere in the books; beyond them nobody reads the finer word. */
const LOOKUPS_MAX = 1_000;

/**
 * Proves books against log. Memory grows with accounts and payments, each a few numbers, never with records. Rejects only
 * if a source does; whatever is wrong with log or books is a difference in the report.
 */
export async function proveBooks({
  partitions,
  books,
  differences = createDifferences(),
  onRecord = () => Promise.resolve(),
}: ProofInput): Promise<ProofReport> {
  const repetitions = checkRepetitions(books.findOperations, differences);
  const deadLetters = checkDeadLetters(books.findOperations, differences);
  const ends = checkEnds(differences);
  const walk = walkBooks(books, differences);
  const state = createState();
  const cursors = partitions.map((log) =>
    createPartitionCursor(log, differences, {
      findOperations: books.findOperations,
      onUndecided: async (record) => {
        await repetitions.add(record);
        await onRecord(record, 'undecided');
      },
      onDeadLetter: async (record) => {
        const isLawful = await deadLetters.add(record, { partition: log.partition, state });
        await onRecord(record, isLawful ? 'lawful_dead_letter' : 'dead_letter');
      },
    }),
  );
  try {
    for await (const decided of mergeByPlace(cursors)) {
      const { outcome, partition, ledgerNumber, index } = decided;
      const { sourceOffset: offset } = outcome;
      // The books keep a report under its own name, though it settles in that of the pay-out it ends.
      const { operationId } = isNamedBy(decided.asked, outcome.operationId) ? decided.asked : outcome;
      await onRecord({ partition, offset, operation: decided.asked, key: null }, 'decided');
      if (!(await walk.holds(decided))) {
        // Books that lost everything would cost a query each.
        const mayLookUp = differences.count() < LOOKUPS_MAX;
        const elsewhere = mayLookUp ? await books.findOperations([operationId]) : [];
        // What the books decided elsewhere, or what nobody asked for, takes no effect: one fault is one difference.
        if (elsewhere.length > 0) {
          differences.add({ kind: 'settled_twice', operationId, partition, offset });
          continue;
        }
        if (!isNamedBy(decided.asked, outcome.operationId)) continue;
        differences.add({ kind: 'operation_missing', operationId, ledgerNumber, index });
      }
      ends.check(decided);
      const decidedBefore = await findCorrected(decided, books);
      const expectation = checkOutcome(decided, { partition, state, decidedBefore }, differences);
      await walk.check(decided, expectation);
    }
    await walk.finish();
    const repeated = await repetitions.finish();
    await deadLetters.finish();
    const accounts = await checkAccounts(books.accounts, state.balances, differences);
    const payments = await checkPayments(books.payments, state.payments, differences);
    const disputes = await checkDisputes(books.disputes, state.disputes, differences);
    await checkCorrections(books.corrections, state.corrected, differences);
    await checkSpends(books.spends, state.spends, differences);
    checkLedgerNumbers(await books.nextLedgerNumber(), walk.lastNumber(), differences);
    const counts = cursors.map((cursor) => cursor.counts());
    return {
      accounts,
      payments,
      disputes,
      ...walk.counts(),
      records: counts.reduce((sum, { records }) => sum + records, 0),
      repetitions: repeated,
      deadLettered: counts.reduce((sum, { deadLettered }) => sum + deadLettered, 0),
      ...sumUp(differences),
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
