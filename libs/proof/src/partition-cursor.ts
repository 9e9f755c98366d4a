// Lays one partition's outcomes, final ones and admissions, beside the records they came from, and sees to it that no record lacks an outcome.

import { checkBounds, checkRest } from './check-bounds.ts';
import type { Differences } from './differences.ts';
import type {
  AskedOperation,
  AskedRecord,
  Chunks,
  DeadLetter,
  Outcome,
  PartitionLog,
  RecordKey,
  SettledRecord,
} from './inputs.ts';
import { createReader } from './ordered-reader.ts';
import { whyMisplaced } from './record-key.ts';
import type { Books, Place } from './rows.ts';
import { isAfter, siftOutcomes } from './sift-outcomes.ts';

/** An outcome with what was asked; `asked` is null when the log has no such record. */
export interface Decided extends Place {
  readonly partition: number;
  readonly asked: AskedOperation | null;
  readonly outcome: Outcome;
  /** The outcome in full when it is final; null when it was only admitted. */
  readonly settled: SettledRecord | null;
}

/** A record below the cut without an outcome of its own; it must be a repetition. */
export interface Undecided {
  readonly partition: number;
  readonly offset: bigint;
  readonly operation: AskedOperation | null;
  readonly key: RecordKey | null;
}

/** What became of a record of `payment.processed`. */
export type Fate = 'decided' | 'undecided' | 'dead_letter' | 'lawful_dead_letter';

export interface PartitionCursor {
  /** The next outcome below the cut; undefined when there is none left, and then every record below the cut was seen. */
  readonly next: () => Promise<Decided | undefined>;
  readonly counts: () => { readonly records: number; readonly deadLettered: number };
  readonly close: () => Promise<void>;
}

export interface CursorOptions extends Pick<Books, 'findOperations'> {
  readonly onUndecided: (record: Undecided) => Promise<void>;
  readonly onDeadLetter: (record: Undecided) => Promise<void>;
}

export function createPartitionCursor(
  log: PartitionLog,
  differences: Differences,
  { findOperations, onUndecided, onDeadLetter }: CursorOptions,
): PartitionCursor {
  const { partition, bounds } = log;
  const cut = checkBounds(log, differences);
  const asked = createReader(log.asked);
  const sift = { partition, findOperations, differences };
  const settled = createReader(siftOutcomes(log.settled, sift));
  const progressed = createReader(siftOutcomes(log.progressed, sift));
  const deadLetters = createDeadLetters(log.deadLetters);
  let previous: Outcome | undefined;
  let records = 0;
  let deadLettered = 0;

  /** Steps to the record at `offset`; each one passed over had no outcome. */
  const findRecord = async (offset: bigint): Promise<AskedRecord | undefined> => {
    for (;;) {
      const record = await asked.peek();
      if (record === undefined || record.offset >= cut || record.offset > offset) return undefined;
      asked.skip();
      records += 1;
      if (record.offset === offset) return record;
      if (await deadLetters.take(record.offset)) {
        deadLettered += 1;
        await onDeadLetter({ partition, ...record });
      } else {
        checkPlace(record);
        await onUndecided({ partition, ...record });
      }
    }
  };

  const checkPlace = ({ offset, operation, key }: AskedRecord): void => {
    const why = operation === null || key === null ? null : whyMisplaced(operation, key, partition);
    if (operation === null || why === null) return;
    const { operationId } = operation;
    differences.add({ kind: 'record_misplaced', topic: 'payment.processed', partition, offset, operationId, why });
  };

  /** Takes the earlier of the next final outcome and the next admission; what lies beyond the cut is not judged. */
  const takeOutcome = async (): Promise<Pick<Decided, 'outcome' | 'settled'> | undefined> => {
    for (;;) {
      const [final, admission] = [await settled.peek(), await progressed.peek()];
      const isFinal = final !== undefined && (admission === undefined || final.sourceOffset <= admission.sourceOffset);
      const outcome = isFinal ? final : admission;
      if (outcome === undefined) return undefined;
      (isFinal ? settled : progressed).skip();
      if (outcome.sourceOffset < cut) return { outcome, settled: isFinal ? final : null };
      const { operationId, sourceOffset: offset } = outcome;
      const { end } = bounds;
      if (offset >= end) differences.add({ kind: 'settled_beyond_log', operationId, partition, offset, end });
    }
  };

  const pair = async (taken: Pick<Decided, 'outcome' | 'settled'>): Promise<Decided> => {
    const { outcome } = taken;
    const { operationId, sourceOffset: offset, ledgerNumber, ledgerIndex } = outcome;
    const record = await findRecord(offset);
    if (!isNamedBy(record?.operation ?? null, operationId)) {
      differences.add({ kind: 'settled_without_record', operationId, partition, offset });
    }
    if (record !== undefined) checkPlace(record);
    if (await deadLetters.take(offset)) {
      differences.add({ kind: 'settled_though_dead_lettered', operationId, partition, offset });
    }
    return { partition, ledgerNumber, index: ledgerIndex, asked: record?.operation ?? null, ...taken };
  };

  /** Outcomes must move forward in the source and in the books; one that does not is reported and left out. */
  const isInOrder = (outcome: Outcome): boolean => {
    const { operationId, sourceOffset: offset } = outcome;
    const isForward = previous === undefined || isAfter(previous, outcome);
    if (isForward && outcome.sourcePartition === partition) return true;
    const kind = previous !== undefined && offset === previous.sourceOffset ? 'settled_twice' : 'settled_out_of_order';
    differences.add({ kind, operationId, partition, offset });
    return false;
  };

  return {
    next: async () => {
      for (;;) {
        const taken = await takeOutcome();
        if (taken === undefined) break;
        if (!isInOrder(taken.outcome)) continue;
        previous = taken.outcome;
        return await pair(taken);
      }
      await findRecord(cut);
      checkRest(await asked.peek(), log, differences);
      for (const left of await deadLetters.left()) {
        if (left < cut) differences.add({ kind: 'dead_letter_of_nothing', partition, offset: left });
      }
      return undefined;
    },
    counts: () => ({ records, deadLettered }),
    close: async () => {
      await Promise.all([asked, settled, progressed].map((reader) => reader.close()));
    },
  };
}

/** An operation's outcome has its name; a report's may have that of the pay-out it is about, which is judged by its rule. */
export function isNamedBy(operation: AskedOperation | null, operationId: string): operation is AskedOperation {
  if (operation === null) return false;
  return (
    operation.operationId === operationId || (operation.operation === 'report' && operation.paymentId === operationId)
  );
}

/** The offsets of a partition's dead letters, read whole: there are few, and a false one must not hide those behind it. */
function createDeadLetters(letters: Chunks<DeadLetter>) {
  let reading: Promise<Set<bigint>> | null = null;
  const read = async (): Promise<Set<bigint>> => {
    const offsets = new Set<bigint>();
    for await (const chunk of letters) for (const { sourceOffset } of chunk) offsets.add(sourceOffset);
    return offsets;
  };
  const all = (): Promise<Set<bigint>> => (reading ??= read());
  return {
    /** Whether there is one of that record, which is then done with. */
    take: async (offset: bigint): Promise<boolean> => (await all()).delete(offset),
    left: all,
  };
}
