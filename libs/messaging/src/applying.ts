// Applies records to a database exactly once each: the offset row is locked first and moved in the same transaction.
import type { Database, OffsetKey, Transaction } from '@paystream/database';
import { QUERY_CANCELED, classifyError, lockOffset, moveOffset, sqlStateOf } from '@paystream/database';
import { faultPoint } from '@paystream/runtime';
import type { Batch, IncomingRecord } from './types.ts';

/** A statement that is cancelled this often on the same records is taken for their fault and not the server's load. */
const TIMEOUTS_MAX = 3;

export interface ApplyHandlers {
  /** Applies the records in the transaction. A throw that is not transient halves the batch, down to one record. */
  apply: (batch: Batch, transaction: Transaction) => Promise<void>;
  /** Puts aside the one record that cannot be applied, in a transaction of its own. */
  applyPoison: (record: IncomingRecord, error: unknown, transaction: Transaction) => Promise<void>;
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
 * - `applied`: the stored offset is now `next`, or was beyond it already
 * - `behind`: the stored offset lies before the stretch; read from there
 */
export type Applied = { kind: 'applied' | 'behind'; offset: bigint };

export interface Applier {
  /** @throws what is transient or fatal; the stretch is to be tried again as a whole */
  apply(stretch: Stretch): Promise<Applied>;
}

export interface ApplierOptions extends ApplyHandlers {
  database: Database;
  key: OffsetKey;
  onPoison(record: IncomingRecord, error: unknown): void;
  onAfterCommitError(error: unknown): void;
}

export function createApplier(options: ApplierOptions): Applier {
  const { database, key, apply, applyPoison, onPoison } = options;
  let timeouts = { from: -1n, next: -1n, count: 0 };

  /** In one transaction: everything of the stretch that has not been applied yet. */
  const applyOnce = async (stretch: Stretch, work: Work): Promise<Applied> => {
    let fresh: Batch | null = null;
    const result = await database.transactionWithRetry(async (transaction): Promise<Applied> => {
      const offset = await lockOffset(transaction, key);
      if (offset >= stretch.next) return { kind: 'applied', offset };
      if (offset < stretch.from) return { kind: 'behind', offset };
      fresh = notBelow(stretch.batch, offset);
      if (fresh.records.length > 0) await work(fresh, transaction);
      if (stretch.batch.signal.aborted) throw new StoppedError();
      await moveOffset(transaction, { ...key, from: offset, to: stretch.next });
      faultPoint('messaging.before_database_commit');
      return { kind: 'applied', offset: stretch.next };
    });
    faultPoint('messaging.database_committed');
    if (fresh !== null) await tellCommitted(options, fresh);
    return result;
  };

  const applyStretch = async (stretch: Stretch): Promise<Applied> => {
    let applyError: unknown;
    try {
      return await applyOnce(stretch, async (batch, transaction) => {
        await apply(batch, transaction).catch((error: unknown) => {
          applyError = error;
          throw error;
        });
      });
    } catch (error) {
      if (stretch.batch.signal.aborted || !isRecordsFault(error, applyError !== undefined, stretch)) throw error;
      return await applyParts(stretch, error);
    }
  };

  const applyParts = async (stretch: Stretch, error: unknown): Promise<Applied> => {
    const { records } = stretch.batch;
    const [first, ...others] = records;
    if (first === undefined) throw error;
    if (others.length === 0) {
      onPoison(first, error);
      return applyOnce(stretch, (_batch, transaction) => applyPoison(first, error, transaction));
    }
    const middle = records.slice(records.length >> 1);
    const cut = middle[0]?.offset ?? stretch.next;
    const left = { ...stretch.batch, records: records.slice(0, records.length >> 1) };
    const done = await applyStretch({ batch: left, from: stretch.from, next: cut });
    if (done.kind === 'behind' || done.offset >= stretch.next) return done;
    return applyStretch({ batch: { ...stretch.batch, records: middle }, from: cut, next: stretch.next });
  };

  /** Whether the error is for the records to bear, rather than for the database or the schema. */
  const isRecordsFault = (error: unknown, inApply: boolean, stretch: Stretch): boolean => {
    if (sqlStateOf(error) === QUERY_CANCELED && inApply) {
      const isWithin = stretch.from >= timeouts.from && stretch.next <= timeouts.next;
      if (isWithin && timeouts.count >= TIMEOUTS_MAX) return true;
      const count = timeouts.from === stretch.from ? timeouts.count + 1 : 1;
      timeouts = { from: stretch.from, next: stretch.next, count };
      return timeouts.count >= TIMEOUTS_MAX;
    }
    const kind = classifyError(error);
    // A constraint may be deferred to COMMIT; anything else outside `apply` is our own statements' trouble.
    return kind === 'constraint' || (kind === 'data' && inApply);
  };

  return { apply: applyStretch };
}

type Work = (batch: Batch, transaction: Transaction) => Promise<void>;

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
