// Proves a test's world as it now stands, falsified or not.

import type { Difference } from '../differences.ts';
import type { Chunks } from '../inputs.ts';
import type { ProofReport } from '../prove.ts';
import { proveBooks } from '../prove.ts';
import type { World } from './bookkeeper.ts';

/** Proves the world, reading everything in chunks of `chunkSize`. */
export async function proveWorld(world: World, chunkSize = 2): Promise<ProofReport> {
  const byPlace = (a: { ledgerNumber: bigint; index: number }, b: { ledgerNumber: bigint; index: number }) =>
    Number(a.ledgerNumber - b.ledgerNumber) || a.index - b.index;
  const lastNumber = world.operations.reduce((last, row) => (row.ledgerNumber > last ? row.ledgerNumber : last), 0n);
  return await proveBooks({
    partitions: world.cuts.map((cut, partition) => {
      const own = <Item extends object>(items: readonly Item[], field: keyof Item) =>
        inChunks(
          items.filter((item) => item[field] === partition),
          chunkSize,
        );
      const last = world.asked.findLast((record) => record.partition === partition)?.offset ?? -1n;
      const end = last < cut ? cut : last + 1n;
      return {
        partition,
        cut,
        bounds: { published: cut, endBefore: cut, end, ...world.bounds[partition] },
        asked: own(world.asked, 'partition'),
        settled: own(world.settled, 'sourcePartition'),
        progressed: own(world.progressed, 'sourcePartition'),
        deadLetters: own(world.deadLetters, 'partition'),
      };
    }),
    books: {
      operations: inChunks(world.operations.toSorted(byPlace), chunkSize),
      postings: inChunks(world.postings.toSorted(byPlace), chunkSize),
      accounts: inChunks(world.accounts, chunkSize),
      payments: inChunks(world.payments, chunkSize),
      disputes: inChunks(world.disputes, chunkSize),
      corrections: inChunks(world.corrections, chunkSize),
      spends: inChunks(world.spends, chunkSize),
      nextLedgerNumber: () => Promise.resolve(world.nextLedgerNumber ?? lastNumber + 1n),
      findOperations: async (ids) =>
        await Promise.resolve(world.operations.filter((row) => ids.includes(row.operationId))),
    },
  });
}

async function* inChunks<Item>(items: readonly Item[], size: number): Chunks<Item> {
  for (let start = 0; start < items.length; start += size)
    yield await Promise.resolve(items.slice(start, start + size));
}

/** The item at `index`, from the end when negative; a test that asks for more than there is fails by name. */
export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items.at(index);
  if (item === undefined) throw new Error(`the example has no item ${index}`);
  return item;
}

/** One way of falsifying a world: what is done, and the difference that must name it. */
export type Falsification = readonly [what: string, kind: Difference['kind'], falsify: (world: World) => void];
