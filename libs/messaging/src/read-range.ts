// Reads a known stretch of one partition, piece by piece: for the proof, for replays, for a look at a partition's end.
import type { MessagingContext } from './context.ts';
import { MessagingError } from './errors.ts';
import { toIncoming } from './incoming.ts';
import { createLogReader } from './log-reader.ts';
import type { IncomingRecord } from './types.ts';

const WAIT_MS = 200;
/** A range that ends below the last stable offset can be read at once; this many empty answers say that it cannot. */
const EMPTY_ANSWERS_MAX = 25;

export interface Range {
  topic: string;
  partition: number;
  /** Inclusive; what retention has taken away before the log's start is skipped. */
  from: bigint;
  /** Exclusive. */
  before: bigint;
}

/**
 * Yields the committed records of [from, before) in order, in pieces of at most one fetch (512 kB).
 * @throws MessagingError when the log does not reach to `before`: a short answer must not look like a whole one
 */
export async function* readRange(context: MessagingContext, range: Range): AsyncGenerator<IncomingRecord[]> {
  const { topic, partition, before } = range;
  const real = context.names.topic(topic);
  const bounds = (await context.admin.bounds(real))[partition];
  if (bounds === undefined) throw new MessagingError('fatal', `${topic} has no partition ${partition}`);
  if (before > bounds.end) {
    throw new MessagingError('retry', `${topic}/${partition} can be read up to ${bounds.end}, not up to ${before}`);
  }
  const reader = createLogReader(context.settings);
  try {
    let offset = range.from > bounds.start ? range.from : bounds.start;
    for (let empty = 0; offset < before;) {
      const [chunk] = await reader.read([{ topic: real, partition, offset }], WAIT_MS);
      if (chunk === undefined || chunk.next === offset) {
        if (++empty > EMPTY_ANSWERS_MAX)
          throw new MessagingError('retry', `${topic}/${partition} gives nothing at ${offset}`);
        continue;
      }
      empty = 0;
      offset = chunk.next;
      const records = chunk.messages.map((message) => toIncoming(topic, partition, message));
      const wanted = offset > before ? records.filter((record) => record.offset < before) : records;
      if (wanted.length > 0) yield wanted;
    }
  } finally {
    await reader.close();
  }
}

/** The last committed record below `before` that satisfies the condition, searched from the end; null when none does. */
export async function findLast(
  context: MessagingContext,
  { topic, partition, before, matches }: Omit<Range, 'from'> & { matches: (record: IncomingRecord) => boolean },
): Promise<IncomingRecord | null> {
  const start = (await context.admin.bounds(context.names.topic(topic)))[partition]?.start ?? 0n;
  // Windows double: markers, other writers' records and aborted ones may lie at the end.
  for (let window = 128n, end = before; end > start; window *= 2n) {
    const from = end - window > start ? end - window : start;
    let found: IncomingRecord | null = null;
    for await (const records of readRange(context, { topic, partition, from, before: end })) {
      found = records.findLast(matches) ?? found;
    }
    if (found !== null) return found;
    end = from;
  }
  return null;
}
