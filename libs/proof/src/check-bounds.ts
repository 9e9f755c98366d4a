// Checks that log and books reach equally far: neither may hold what the other has never seen.

import type { Differences } from './differences.ts';
import type { AskedRecord, PartitionLog } from './inputs.ts';

type Bounded = Pick<PartitionLog, 'partition' | 'cut' | 'bounds'>;

/** Compares what was read of log and books; returns the offset below which both can be compared. */
export function checkBounds({ partition, cut, bounds }: Bounded, differences: Differences): bigint {
  const { published, end } = bounds;
  if (published > cut) differences.add({ kind: 'books_older_than_published', partition, offset: cut, published });
  if (cut <= end) return cut;
  differences.add({ kind: 'books_beyond_log', partition, offset: end, cut });
  return end;
}

/** Reports the first record at or beyond the cut that was there before the snapshot, unless the books are known to be old. */
export function checkRest(
  next: AskedRecord | undefined,
  { partition, cut, bounds: { published, endBefore: end } }: Bounded,
  differences: Differences,
): void {
  if (next === undefined || next.offset >= end || published > cut) return;
  differences.add({ kind: 'books_behind_log', partition, offset: next.offset, end });
}
