// Settles the records that got no outcome of their own: each must repeat an operation that was decided before it.

import type { Differences } from './differences.ts';
import type { Undecided } from './partition-cursor.ts';
import type { Books, OperationRow } from './rows.ts';

/** Records looked up in the books with one call. */
export const LOOKUP_SIZE_MAX = 1_000;

export interface Repetitions {
  readonly add: (record: Undecided) => Promise<void>;
  /** Looks up what is still waiting; returns how many records were true repetitions. */
  readonly finish: () => Promise<number>;
}

/**
 * The books' own rows say where an operation was decided. That is no circle: each of those rows is compared with the log
 * at its place, so a false one is a difference there.
 */
export function checkRepetitions(findOperations: Books['findOperations'], differences: Differences): Repetitions {
  let waiting: Undecided[] = [];
  let repetitions = 0;

  const lookUp = async (): Promise<void> => {
    const records = waiting;
    waiting = [];
    const ids = [...new Set(records.flatMap(({ operation }) => operation?.operationId ?? []))];
    const rows = ids.length === 0 ? [] : await findOperations(ids);
    const decisions = new Map(rows.map((row) => [keyOf(row), row]));
    for (const record of records) {
      const decision = record.operation === null ? undefined : decisions.get(keyOf(record.operation));
      if (judge(record, decision, differences)) repetitions += 1;
    }
  };

  return {
    add: async (record) => {
      waiting.push(record);
      if (waiting.length >= LOOKUP_SIZE_MAX) await lookUp();
    },
    finish: async () => {
      await lookUp();
      return repetitions;
    },
  };
}

function judge(
  { partition, offset, operation }: Undecided,
  decision: OperationRow | undefined,
  differences: Differences,
): boolean {
  const operationId = operation?.operationId ?? null;
  if (decision === undefined || operationId === null) {
    differences.add({ kind: 'record_without_decision', operationId, partition, offset });
    return false;
  }
  const takenOffset = decision.sourceOffset;
  if (decision.sourcePartition === partition && takenOffset > offset) {
    differences.add({ kind: 'first_record_not_taken', operationId, partition, offset, takenOffset });
    return false;
  }
  return true;
}

function keyOf({ operationId, pass }: { readonly operationId: string; readonly pass: number }): string {
  return `${operationId}/${pass}`;
}
