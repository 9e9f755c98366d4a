// Finds where a topic ends once what was being committed is committed: a transaction's markers reach its partitions one by one.
import { waitFor } from '@paystream/runtime';
import type { MessagingContext } from './context.ts';
import { createLogReader } from './log-reader.ts';

/** A transaction that hangs is ended by the broker after 15 s, and by whoever takes over before that. */
const DEADLINE_MS = 30_000;
const POLL_INTERVAL_MS = 20;
/** Long enough for an answer, not for records: there are none beyond the last stable offset. */
const WAIT_MS = 1;

/** By partition: the offset after the last record there is, of open transactions too. */
export async function highWatermarks(context: MessagingContext, topic: string): Promise<bigint[]> {
  const real = context.names.topic(topic);
  const reader = createLogReader(context.settings);
  try {
    const positions = (await context.admin.bounds(real)).map(({ end: offset }, partition) => ({
      topic: real,
      partition,
      offset,
    }));
    const chunks = positions.length === 0 ? [] : await reader.read(positions, WAIT_MS);
    const ends = new Map(chunks.map(({ partition, highWatermark }) => [partition, highWatermark]));
    return positions.map(({ partition, offset }) => ends.get(partition) ?? offset);
  } finally {
    await reader.close();
  }
}

/**
 * By partition: the offset after the last committed record, once every transaction that was open at the call has ended.
 * Who has seen a group's offset that a transaction moved finds here the records of that transaction, too.
 * @throws Error when one stays open
 */
export async function committedEndOffsets(context: MessagingContext, topic: string): Promise<bigint[]> {
  const real = context.names.topic(topic);
  const stable = async (): Promise<bigint[]> => (await context.admin.bounds(real)).map(({ end }) => end);
  let ends = await stable();
  const beyond = await highWatermarks(context, topic);
  const isSettled = (): boolean => ends.every((end, partition) => end >= (beyond[partition] ?? 0n));
  if (isSettled()) return ends;
  await waitFor(
    async () => {
      ends = await stable();
      return isSettled();
    },
    { what: `the transactions on ${topic} to end`, deadlineMs: DEADLINE_MS, intervalMs: POLL_INTERVAL_MS },
  );
  return ends;
}
