// Takes false outcomes out of a partition's stream before they make the honest ones behind them look out of order.

import { LOOKUP_SIZE_MAX } from './check-repetitions.ts';
import type { Differences } from './differences.ts';
import type { Chunks, Outcome } from './inputs.ts';
import { comparePlaces } from './place.ts';
import type { Books, OperationRow, Place } from './rows.ts';

export interface SiftOptions {
  readonly partition: number;
  readonly findOperations: Books['findOperations'];
  readonly differences: Differences;
}

/**
 * Yields the outcomes as they come while they move forward in source and books. Where they do not, each of the stretch is
 * looked up: what the books have never had at that place is named and left out; the others are the cursor's to judge. A
 * chunk is held back until the next one has been seen, for a false outcome shows only by what follows it.
 */
export async function* siftOutcomes<Item extends Outcome>(chunks: Chunks<Item>, options: SiftOptions): Chunks<Item> {
  let last: Item | undefined;
  let held: readonly Item[] = [];
  for await (const chunk of chunks) {
    let next = chunk;
    if (!movesForward(last, [...held, ...chunk])) {
      held = await keepHonest(held, options);
      next = await keepHonest(chunk, options);
    }
    if (held.length > 0) yield held;
    last = held.at(-1) ?? last;
    held = next;
  }
  if (held.length > 0) yield held;
}

function movesForward(last: Outcome | undefined, outcomes: readonly Outcome[]): boolean {
  return outcomes.every((outcome, index) => {
    const before = index === 0 ? last : outcomes[index - 1];
    return before === undefined || isAfter(before, outcome);
  });
}

/** Whether the second lies behind the first both in the source and in the books. */
export function isAfter(first: Outcome, second: Outcome): boolean {
  return second.sourceOffset > first.sourceOffset && comparePlaces(placeOf(second), placeOf(first)) > 0;
}

function placeOf({ ledgerNumber, ledgerIndex }: Outcome): Place {
  return { ledgerNumber, index: ledgerIndex };
}

async function keepHonest<Item extends Outcome>(
  outcomes: readonly Item[],
  { partition, findOperations, differences }: SiftOptions,
): Promise<Item[]> {
  const ids = [...new Set(outcomes.map(({ operationId }) => operationId))];
  const rows = new Map<string, OperationRow[]>();
  for (let start = 0; start < ids.length; start += LOOKUP_SIZE_MAX) {
    for (const row of await findOperations(ids.slice(start, start + LOOKUP_SIZE_MAX))) {
      rows.set(row.operationId, [...(rows.get(row.operationId) ?? []), row]);
    }
  }
  return outcomes.filter((outcome) => {
    const { operationId, sourceOffset: offset } = outcome;
    const known = rows.get(operationId) ?? [];
    if (known.some((row) => isOf(row, outcome) || mayBeEnded(row, outcome))) return true;
    differences.add({
      kind: known.length > 0 ? 'settled_twice' : 'settled_of_nothing',
      operationId,
      partition,
      offset,
    });
    return false;
  });
}

/** The books keep the end of a pay-out under the report that told it: whether there is one the cursor sees. */
function mayBeEnded(row: OperationRow, { operation }: Outcome): boolean {
  return operation === 'pay_out' && row.outcome === 'admitted';
}

function isOf(row: OperationRow, outcome: Outcome): boolean {
  if (comparePlaces(row, placeOf(outcome)) !== 0) return false;
  return row.sourcePartition === outcome.sourcePartition && row.sourceOffset === outcome.sourceOffset;
}
