// Applies records to a database exactly once each: the stored offset moves, by compare-and-set, in the transaction of the work.
import type { Database, OffsetKey, OffsetMove, OutgoingEvent, Transaction } from '@paystream/database';
import {
  OffsetMovedError,
  QUERY_CANCELED,
  classifyError,
  moveOffset,
  readOffset,
  sqlStateOf,
} from '@paystream/database';
import { faultPoint } from '@paystream/runtime';
import type { Batch, IncomingRecord } from './types.ts';

/** After a statement was cancelled this often on the same records they are tried in halves: fewer may be done in time. */
const TIMEOUTS_MAX = 3;
/** Another writer moved the offset meanwhile: it is read again this often before the stretch is given up for now. */
const MOVED_ATTEMPTS_MAX = 3;

/** Events that were stored with insertOutgoing in the same transaction; none where nothing is published. */
export type Stored = readonly OutgoingEvent[];

/**
 * Applies the records and moves the offset, all or nothing. `inTransaction` makes one of plain work; an app that wants fewer
 * statements moves the offset within its own.
 * @throws OffsetMovedError when the offset is not at `move.from`
 */
export type Apply = (batch: Batch, move: OffsetMove, database: Database) => Promise<Stored>;

export interface ApplyHandlers {
  /**
   * A throw of class `data` or `constraint` halves the batch, down to the one record that brings it about. Of class `data`
   * that record is at fault and put aside; else the database or the code is, and the partition waits before it.
   */
  apply: Apply;
  /** Puts aside the one record that cannot be applied, in a transaction of its own that moves the offset. */
  applyPoison: (record: IncomingRecord, error: unknown, transaction: Transaction) => Promise<Stored | void>;
  /** Called after each commit with what it applied. A throw is logged and changes nothing. */
  afterCommit?: (batch: Batch) => void | Promise<void>;
}

/** Records to apply, and the stretch of the log they are all there is of. */
export interface Stretch {
  batch: Batch;
  from: bigint;
  /** Exclusive. */
  next: bigint;
}

/**
 * - `applied`: the stored offset is now `offset`: the stretch's `next`, or beyond it already. `stored` has the events that
 *   go with it from `from` on, or is null where another writer stored some of them. With a `fault` it is only the part before
 *   what cannot be applied now: that is to be thrown once this part has been dealt with
 * - `behind`: the stored offset lies before the stretch; read from there
 */
export type Applied =
  | { kind: 'applied'; offset: bigint; from: bigint; stored: Stored | null; fault?: unknown }
  | { kind: 'behind'; offset: bigint };

export interface Applier {
  /** @throws when nothing of the stretch could be applied; it is to be tried again as a whole */
  apply(stretch: Stretch): Promise<Applied>;
}

export interface ApplierOptions extends ApplyHandlers {
  database: Database;
  key: OffsetKey;
  onPoison(record: IncomingRecord, error: unknown): void;
  onAfterCommitError(error: unknown): void;
}

/** The offset moves first, which keeps its row locked: what another writer of this partition begins has to wait. */
export function inTransaction(work: (batch: Batch, transaction: Transaction) => Promise<Stored | void>): Apply {
  return (batch, move, database) =>
    database.transactionWithRetry(async (transaction) => {
      await moveFirst(transaction, move);
      const stored = batch.records.length === 0 ? [] : await work(batch, transaction);
      endIfStopped(batch);
      faultPoint('messaging.before_database_commit');
      return stored ?? [];
    });
}

/** @throws an error that asks for another try when the batch's partition is no longer ours, or the consumer stops */
export function endIfStopped({ signal }: Batch): void {
  if (signal.aborted) throw new StoppedError();
}

/** One applier for each assignment of a partition: it remembers where the stored offset stands, and reads it only when it must. */
export function createApplier(options: ApplierOptions): Applier {
  const { database, key, apply, applyPoison, onPoison } = options;
  let timeouts = { from: -1n, next: -1n, count: 0 };
  let known: bigint | null = null;

  /** Everything of the stretch that has not been applied yet, once. */
  const applyOnce = async (stretch: Stretch, work: Apply): Promise<Applied> => {
    for (let attempt = 1; ; attempt++) {
      const isRemembered = known !== null;
      const from = (known ??= await readOffset(database, key));
      if (from >= stretch.next) return { kind: 'applied', offset: from, from: stretch.next, stored: null };
      if (from < stretch.from) {
        known = null;
        if (isRemembered) continue;
        return { kind: 'behind', offset: from };
      }
      const fresh = notBelow(stretch.batch, from);
      try {
        const stored = await work(fresh, { ...key, from, to: stretch.next }, database);
        known = stretch.next;
        faultPoint('messaging.database_committed');
        await tellCommitted(options, fresh);
        return { kind: 'applied', offset: stretch.next, from, stored };
      } catch (error) {
        // Whatever went wrong, the commit may have happened.
        known = null;
        if (!(error instanceof OffsetMovedError) || attempt >= MOVED_ATTEMPTS_MAX) throw error;
      }
    }
  };

  const applyStretch = async (stretch: Stretch): Promise<Applied> => {
    try {
      return await applyOnce(stretch, apply);
    } catch (error) {
      if (stretch.batch.signal.aborted || !isWorthHalving(error, stretch)) throw error;
      return await applyParts(stretch, error);
    }
  };

  const applyParts = async (stretch: Stretch, error: unknown): Promise<Applied> => {
    const { records } = stretch.batch;
    const [first, ...others] = records;
    if (first === undefined) throw error;
    if (others.length === 0) {
      // What a lawful record cannot bring about is never its fault, however often it comes back: it waits, and is not lost.
      if (classifyError(error) !== 'data') throw error;
      onPoison(first, error);
      const putAside = inTransaction((_batch, transaction) => applyPoison(first, error, transaction));
      return applyOnce(stretch, putAside);
    }
    const middle = records.slice(records.length >> 1);
    const cut = middle[0]?.offset ?? stretch.next;
    const left = { ...stretch.batch, records: records.slice(0, records.length >> 1) };
    const done = await applyStretch({ batch: left, from: stretch.from, next: cut });
    if (done.kind === 'behind' || 'fault' in done || done.offset >= stretch.next) return done;
    const right = { batch: { ...stretch.batch, records: middle }, from: cut, next: stretch.next };
    try {
      return join(done, await applyStretch(right));
    } catch (fault) {
      return { ...done, fault };
    }
  };

  /** Whether fewer records may fare better, or show which one it is. */
  const isWorthHalving = (error: unknown, stretch: Stretch): boolean => {
    if (sqlStateOf(error) === QUERY_CANCELED) {
      const isWithin = stretch.from >= timeouts.from && stretch.next <= timeouts.next;
      if (isWithin && timeouts.count >= TIMEOUTS_MAX) return true;
      const count = timeouts.from === stretch.from ? timeouts.count + 1 : 1;
      timeouts = { from: stretch.from, next: stretch.next, count };
      return timeouts.count >= TIMEOUTS_MAX;
    }
    const kind = classifyError(error);
    return kind === 'constraint' || kind === 'data';
  };

  return { apply: applyStretch };
}

/** The events of both halves, or null where those of one have to be read from the table. */
function join(left: Extract<Applied, { kind: 'applied' }>, right: Applied): Applied {
  if (right.kind === 'behind') return right;
  const stored = left.stored === null || right.stored === null ? null : [...left.stored, ...right.stored];
  return { ...right, from: left.from, stored };
}

async function moveFirst(transaction: Transaction, move: OffsetMove): Promise<void> {
  try {
    await moveOffset(transaction, move);
  } catch (error) {
    // Another writer held the row for too long. No record is to blame, however often that happens.
    throw sqlStateOf(error) === QUERY_CANCELED ? new OffsetBusyError(error) : error;
  }
}

/** Another writer of the partition holds its offset: one that froze is ended by the server within seconds. */
class OffsetBusyError extends Error {
  readonly code = '55P03';
  readonly retriable = true;
  constructor(cause: unknown) {
    super('the offset of a partition was held by another writer for too long', { cause });
    this.name = 'OffsetBusyError';
  }
}

/** The partition is no longer ours, or the consumer stops: nothing is wrong with the records. */
class StoppedError extends Error {
  readonly retriable = true;
  constructor() {
    super('the batch was given up before its commit');
    this.name = 'StoppedError';
  }
}

function notBelow(batch: Batch, offset: bigint): Batch {
  const [first] = batch.records;
  if (first === undefined || first.offset >= offset) return batch;
  return { ...batch, records: batch.records.filter((record) => record.offset >= offset) };
}

async function tellCommitted({ afterCommit, onAfterCommitError }: ApplierOptions, batch: Batch): Promise<void> {
  if (batch.records.length === 0 || afterCommit === undefined) return;
  try {
    await afterCommit(batch);
  } catch (error) {
    onAfterCommitError(error);
  }
}
