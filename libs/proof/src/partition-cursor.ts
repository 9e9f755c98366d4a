// Lays one partition's outcomes beside the records they came from, and sees to it that no record lacks an outcome.

import type { Differences } from './differences.ts';
import type { AskedOperation, AskedRecord, PartitionLog, Place, SettledRecord } from './inputs.ts';
import type { Reader } from './ordered-reader.ts';
import { createReader } from './ordered-reader.ts';
import { comparePlaces } from './place.ts';

/** An outcome with what was asked; `asked` is null when the log has no such record. */
export interface Decided extends Place {
  readonly partition: number;
  readonly asked: AskedOperation | null;
  readonly settled: SettledRecord;
}

/** A record below the cut without an outcome of its own; it must be a repetition. */
export interface Undecided {
  readonly partition: number;
  readonly offset: bigint;
  readonly operation: AskedOperation | null;
}

export interface PartitionCursor {
  /** The next outcome below the cut; undefined when there is none left, and then every record below the cut was seen. */
  readonly next: () => Promise<Decided | undefined>;
  readonly counts: () => { readonly records: number; readonly deadLettered: number };
  readonly close: () => Promise<void>;
}

export function createPartitionCursor(
  log: PartitionLog,
  differences: Differences,
  onUndecided: (record: Undecided) => Promise<void>,
): PartitionCursor {
  const { partition, cut } = log;
  const asked = createReader(log.asked);
  const settled = createReader(log.settled);
  const deadLetters = createReader(log.deadLetters);
  let previous: SettledRecord | undefined;
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
      if (await reachesDeadLetter(deadLetters, record.offset)) deadLettered += 1;
      else await onUndecided({ partition, offset: record.offset, operation: record.operation });
    }
  };

  const pair = async (outcome: SettledRecord): Promise<Decided> => {
    const { operationId, sourceOffset: offset, ledgerNumber, ledgerIndex } = outcome;
    const record = await findRecord(offset);
    if (record?.operation?.operationId !== operationId) {
      differences.add({ kind: 'settled_without_record', operationId, partition, offset });
    }
    if (await reachesDeadLetter(deadLetters, offset)) {
      differences.add({ kind: 'settled_though_dead_lettered', operationId, partition, offset });
    }
    return { partition, ledgerNumber, index: ledgerIndex, asked: record?.operation ?? null, settled: outcome };
  };

  /** Outcomes must move forward in the source and in the books; one that does not is reported and left out. */
  const isInOrder = (outcome: SettledRecord): boolean => {
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
        const outcome = await settled.peek();
        if (outcome === undefined || outcome.sourceOffset >= cut) break;
        settled.skip();
        if (!isInOrder(outcome)) continue;
        previous = outcome;
        return await pair(outcome);
      }
      await findRecord(cut);
      return undefined;
    },
    counts: () => ({ records, deadLettered }),
    close: async () => {
      await Promise.all([asked.close(), settled.close(), deadLetters.close()]);
    },
  };
}

function isAfter(previous: SettledRecord, outcome: SettledRecord): boolean {
  const place = (record: SettledRecord): Place => ({ ledgerNumber: record.ledgerNumber, index: record.ledgerIndex });
  return outcome.sourceOffset > previous.sourceOffset && comparePlaces(place(outcome), place(previous)) > 0;
}

async function reachesDeadLetter(deadLetters: Reader<{ sourceOffset: bigint }>, offset: bigint): Promise<boolean> {
  for (;;) {
    const letter = await deadLetters.peek();
    if (letter === undefined || letter.sourceOffset > offset) return false;
    if (letter.sourceOffset === offset) return true;
    deadLetters.skip();
  }
}
