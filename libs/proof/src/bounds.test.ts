// Shows that neither log nor books can be longer, older or emptier than the other without being named.

import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import type { World } from './testing/bookkeeper.ts';
import { exampleWorld } from './testing/example-books.ts';
import { at, proveWorld } from './testing/prove-world.ts';

const cutOf = (world: World): bigint => at(world.cuts, 0);

/** A record on the log that the snapshot's books have not read. */
function addRecord(world: World): void {
  const operation = { ...at(world.asked, 0).operation, operationId: 'pay_later' };
  world.asked.push({ partition: 0, offset: cutOf(world) + 2n, key: null, operation: operation as never });
}

const cases: [what: string, change: (world: World) => void, differences: object[]][] = [
  [
    'a record on the log before the snapshot that the books never read',
    (world) => {
      addRecord(world);
      world.bounds[0] = { endBefore: cutOf(world) + 3n };
    },
    [{ kind: 'books_behind_log', partition: 0, offset: cutOf(exampleWorld()) + 2n }],
  ],
  ['a record that came after the snapshot', addRecord, []],
  [
    'nothing but markers beyond the cut',
    (world) => {
      world.bounds[0] = { endBefore: cutOf(world) + 3n, end: cutOf(world) + 3n };
    },
    [],
  ],
  [
    'books that have read more than there is',
    (world) => {
      world.bounds[0] = { end: cutOf(world) };
      world.cuts[0] = cutOf(world) + 5n;
    },
    [{ kind: 'books_beyond_log', partition: 0, offset: cutOf(exampleWorld()), cut: cutOf(exampleWorld()) + 5n }],
  ],
  [
    'emptied books',
    (world) => {
      world.bounds = world.cuts.map((cut) => ({ published: cut, endBefore: cut }));
      world.cuts = world.cuts.map(() => 0n);
      Object.assign(world, { operations: [], postings: [], accounts: [], payments: [], disputes: [] });
    },
    [0, 1].map((partition) => ({
      kind: 'books_older_than_published',
      ...{ partition, offset: 0n, published: at(exampleWorld().cuts, partition) },
    })),
  ],
  [
    'an outcome of a record beyond the log’s end',
    (world) => {
      const beyond = { sourceOffset: cutOf(world) + 9n, ledgerNumber: 99n, operationId: 'pay_beyond' };
      world.settled.push({ ...at(world.settled, -1), ...beyond, sourcePartition: 0 });
    },
    [{ kind: 'settled_beyond_log', partition: 0, offset: cutOf(exampleWorld()) + 9n, operationId: 'pay_beyond' }],
  ],
];

describe('the bounds of log and books', () => {
  it.each(cases)('judge %s', async (_what, change, expected) => {
    const world = exampleWorld();
    change(world);
    const { differences } = await proveWorld(world);
    expect(differences).toEqual(expected.map((difference) => expect.objectContaining(difference) as unknown));
    expect(differences.map(describeDifference).join('\n')).not.toMatch(/undefined|\[object/);
  });
});
