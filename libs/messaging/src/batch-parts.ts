// Cuts a fetched batch into pieces of a size that is worked off in one go.
import type { FetchedBatch } from './group-consumer.ts';
import type { IncomingRecord } from './types.ts';

export interface BatchPart {
  records: IncomingRecord[];
  /** Offset after the part; the last one's is the batch's own. */
  next: bigint;
}

/** The batch in pieces of at most `max` records. */
export function* parts({ records, next }: FetchedBatch, max: number): Generator<BatchPart> {
  for (let at = 0; at < records.length; at += max) {
    const following = records[at + max];
    yield { records: records.slice(at, at + max), next: following === undefined ? next : following.offset };
  }
}
