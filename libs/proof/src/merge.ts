// Puts the partitions' outcomes into the one order of the books, holding one outcome per partition at a time.

import type { Decided, PartitionCursor } from './partition-cursor.ts';
import { comparePlaces } from './place.ts';

/** All outcomes by (ledger number, index); each cursor must already be in that order. */
export async function* mergeByPlace(cursors: readonly PartitionCursor[]): AsyncGenerator<Decided> {
  const heads: { decided: Decided; readonly cursor: PartitionCursor }[] = [];
  for (const cursor of cursors) {
    const decided = await cursor.next();
    if (decided !== undefined) heads.push({ decided, cursor });
  }
  for (;;) {
    const first = heads.reduce<(typeof heads)[number] | undefined>(earlier, undefined);
    if (first === undefined) return;
    yield first.decided;
    const following = await first.cursor.next();
    if (following === undefined) heads.splice(heads.indexOf(first), 1);
    else first.decided = following;
  }
}

// A handful of partitions: looking at each head beats a heap.
function earlier<Head extends { decided: Decided }>(best: Head | undefined, head: Head): Head {
  return best === undefined || comparePlaces(head.decided, best.decided) < 0 ? head : best;
}
