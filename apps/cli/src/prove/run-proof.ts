// Proves the running stack's books: one snapshot of the accounts database against the log below that snapshot's offsets.

import type { Database, Transaction } from '@paystream/database';
import type { Messaging } from '@paystream/messaging';
import { createDifferences, proveBooks, sumUp } from '@paystream/proof';
import type { Differences, ProofReport } from '@paystream/proof';
import type { LogAddresses } from '../connect.ts';
import { connectDatabase, connectMessaging } from '../connect.ts';
import { CliError } from '../context.ts';
import { readBooks } from './books.ts';
import { readApplied, readPublished, waitUntilApplied, waitUntilPublished } from './in-step.ts';
import { STATEMENT_TIMEOUT_MS } from './limits.ts';
import { readPartitionLogs } from './partition-logs.ts';
import { findWrongSchema } from './schema.ts';
import type { Falsified, Sabotage } from './sabotage.ts';
import { copyBooks, falsifyCopy, isOfBooks } from './sabotage.ts';
import { AS_IT_IS } from './whole/falsify-pictures.ts';
import type { Pictures, WholeDatabases } from './whole/pictures.ts';
import { withPictures } from './whole/pictures.ts';
import type { ProcessedBefore } from './whole/whole-proof.ts';
import { readingOf, readProcessedBefore, startWholeProof } from './whole/whole-proof.ts';

/** One holds the snapshot, one asks what has come since. */
const CONNECTIONS = 2;

export interface ProofResult extends ProofReport {
  /** Per partition of `payment.processed`: the offset up to which log and books were compared, exclusive. */
  readonly cuts: ReadonlyMap<number, bigint>;
  readonly seconds: number;
  /** What was falsified in the copy, and whether the proof pointed to it; null when the true books were proved. */
  readonly sabotage:
    | (Falsified & {
        readonly found: boolean;
        /** Differences there were without it. */
        readonly differencesBefore: number;
      })
    | null;
}

export interface ProofOptions {
  readonly sabotage?: Sabotage;
  readonly signal?: AbortSignal;
  /** How to get into the log, should it be guarded: KAFKA_SSL and KAFKA_SASL_*. */
  readonly environment?: NodeJS.ProcessEnv;
  /** How long the books may take to read what is on the log, and to publish what they decided. */
  readonly inStepDeadlineMs?: number;
  /** Differences of each kind that are kept in full. */
  readonly differencesKeptMax?: number;
}

export type ProofAddresses = LogAddresses & { readonly databases: { readonly accounts: string } };
export type WholeAddresses = LogAddresses & { readonly databases: WholeDatabases };

/**
 * Proves the books, and nothing around them. Works beside a running system, under load as well. Throws `CliError` when the
 * log stays behind the books.
 */
export function runProof(stack: ProofAddresses, options: ProofOptions = {}): Promise<ProofResult> {
  return proveTwice(options, (each) => prove(stack, each, null));
}

/** The same with everything around the books: what merchants, customers and subscribers are shown. */
export function runWholeProof(stack: WholeAddresses, options: ProofOptions = {}): Promise<ProofResult> {
  return proveTwice(options, (each) => withPictures(stack.databases, (pictures) => prove(stack, each, pictures)));
}

/** Before a sabotage everything as it is: on what differs already, that another difference is found shows little. */
async function proveTwice(
  { sabotage, ...options }: ProofOptions,
  proveOnce: (options: ProofOptions) => Promise<ProvedOnce>,
): Promise<ProofResult> {
  const asItIs = await proveOnce(options);
  if (sabotage === undefined) return { ...asItIs, sabotage: null };
  const sabotaged = await proveOnce({ ...options, sabotage });
  if (sabotaged.sabotage === null) throw new CliError(`"${sabotage}" needs the gateway’s database as well.`);
  return { ...sabotaged, sabotage: { ...sabotaged.sabotage, differencesBefore: asItIs.differenceCount } };
}

type ProvedOnce = Omit<ProofResult, 'sabotage'> & { readonly sabotage: Judged | null };

async function prove(stack: ProofAddresses, options: ProofOptions, pictures: Pictures | null): Promise<ProvedOnce> {
  const start = performance.now();
  const database = connectDatabase(stack.databases.accounts, STATEMENT_TIMEOUT_MS, CONNECTIONS);
  try {
    const messaging = await connectMessaging(stack, options.environment);
    try {
      const differences = createDifferences(options.differencesKeptMax);
      for (const difference of await findWrongSchema(database)) differences.add(difference);
      const before = await readBefore(database, messaging, options);
      const proved = await database.transaction(
        (transaction) => proveSnapshot(transaction, { messaging, before, differences, pictures, database }, options),
        { isolation: 'repeatable read', readOnly: options.sabotage === undefined },
      );
      return { ...proved, seconds: (performance.now() - start) / 1_000 };
    } finally {
      await messaging.close();
    }
  } finally {
    await database.close();
  }
}

/** How far the log was before the snapshot: the books must not be behind it. */
interface Before {
  readonly published: readonly bigint[];
  readonly ends: readonly bigint[];
  readonly processed: ProcessedBefore;
}

async function readBefore(
  database: Database,
  messaging: Messaging,
  { signal, inStepDeadlineMs: deadlineMs }: ProofOptions,
): Promise<Before> {
  const processed = await readProcessedBefore(messaging);
  const published = await readPublished(messaging);
  const ends = await messaging.admin.endOffsets('payment.processed');
  await waitUntilApplied(database, ends, { deadlineMs, signal });
  return { processed, published, ends };
}

interface Context {
  readonly messaging: Messaging;
  readonly before: Before;
  readonly differences: Differences;
  readonly pictures: Pictures | null;
  readonly database: Database;
}

async function proveSnapshot(
  transaction: Transaction,
  { messaging, before, differences, pictures, database }: Context,
  { sabotage, signal, inStepDeadlineMs: deadlineMs }: ProofOptions,
): Promise<Omit<ProofResult, 'seconds' | 'sabotage'> & { readonly sabotage: Judged | null }> {
  // The snapshot stays open as long as reading the log takes.
  await transaction.execute({ text: 'SET LOCAL idle_in_transaction_session_timeout = 0' });
  // The first statement that reads takes the snapshot: offsets and books are of one moment from here on.
  const applied = await readApplied(transaction);
  const ends = await messaging.admin.endOffsets('payment.processed');
  const cuts = new Map(ends.map((_, partition) => [partition, applied.get(partition) ?? 0n] as const));
  await waitUntilPublished(messaging, cuts, { ends, deadlineMs, signal });

  let falsified: Falsified | null = null;
  if (sabotage !== undefined && isOfBooks(sabotage)) {
    await copyBooks(transaction);
    falsified = await falsifyCopy(transaction, sabotage);
  }
  const reading = pictures === null ? AS_IT_IS : await readingOf(pictures, sabotage);
  const { processed } = before;
  const whole =
    pictures === null ? null : await startWholeProof({ messaging, pictures, differences, signal, processed, reading });
  const watch = whole ?? undefined;
  const partitions = await readPartitionLogs(messaging, { cuts, ...before }, { differences, signal, watch });
  const onRecord = whole === null ? {} : { onRecord: whole.onRecord };
  const report = await proveBooks({ partitions, books: readBooks(transaction), differences, ...onRecord });
  await whole?.finish(transaction, database);
  return {
    ...report,
    ...sumUp(differences),
    cuts,
    sabotage: judge(falsified ?? reading.falsified, sumUp(differences)),
  };
}

type Judged = Omit<NonNullable<ProofResult['sabotage']>, 'differencesBefore'>;

function judge(falsified: Falsified | null, report: Pick<ProofReport, 'differences'>): Judged | null {
  return falsified === null ? null : { ...falsified, found: pointsTo(report, falsified) };
}

/** A proof finds a sabotage only by naming its place; any other difference is beside the point. */
function pointsTo({ differences }: Pick<ProofReport, 'differences'>, { place }: Falsified): boolean {
  return differences.some((difference) => {
    switch (place.kind) {
      case 'posting': {
        if (!difference.kind.startsWith('posting_') || !('ledgerNumber' in difference)) return false;
        return difference.ledgerNumber === place.ledgerNumber && difference.index === place.index;
      }
      case 'account':
        return difference.kind === 'balance_wrong' && difference.accountId === place.accountId;
      case 'payment':
        return difference.kind === 'payment_wrong' && difference.paymentId === place.paymentId;
      case 'accounts':
        return difference.kind === 'account_missing';
      case 'ledger numbers':
        return difference.kind === 'ledger_numbers_behind';
      case 'record':
        return difference.kind === 'record_without_origin' && difference.operationId === place.operationId;
      case 'request':
        return difference.kind === 'accepted_not_requested' && difference.operationId === place.operationId;
      case 'view':
        return difference.kind === 'view_row_wrong' && difference.table === place.table && difference.key === place.key;
      default:
        return place satisfies never;
    }
  });
}
