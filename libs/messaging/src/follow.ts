// Follows topics without a group: every record from a place on, to this reader alone, again from there at each start.
import { setTimeout as wait } from 'node:timers/promises';
import type { MessagingContext } from './context.ts';
import { MessagingError } from './errors.ts';
import { toIncoming } from './incoming.ts';
import type { Position } from './log-reader.ts';
import { createLogReader, isOutOfRange } from './log-reader.ts';
import type { Assignment, Consumer, IncomingRecord } from './types.ts';

/** What comes is answered at once; this is how often a broker is asked while nothing does. */
const WAIT_MS = 2_000;
const RETRY_WAIT_MS = 500;
/** No successful fetch for this long: not healthy. */
const SILENCE_MS_MAX = 18_000;

export interface FollowOptions {
  topics: readonly string[];
  /** Where to begin: the log's start, its end, or an offset for each partition (those not named begin at the start). */
  from: 'earliest' | 'latest' | { topic: string; partition: number; offset: bigint }[];
  /** Takes records of one partition, in order; the next are read when it resolves. A throw ends the following as fatal. */
  onRecords: (records: IncomingRecord[]) => Promise<void> | void;
}

export interface Follower extends Consumer {
  /** Resolves when everything that was in the log at the start has been taken. */
  caughtUp: Promise<void>;
}

/**
 * Starts following; trouble with brokers is waited out.
 * @throws MessagingError when a topic does not exist or no broker answers at the start
 */
export async function follow(context: MessagingContext, { topics, from, onRecords }: FollowOptions): Promise<Follower> {
  const { names, admin, settings, logger } = context;
  const positions: Position[] = [];
  const ends = new Map<Position, bigint>();
  for (const topic of topics) {
    for (const [partition, bounds] of (await admin.bounds(names.topic(topic))).entries()) {
      const asked =
        typeof from === 'string' ? undefined : from.find((at) => at.topic === topic && at.partition === partition);
      const offset = from === 'latest' ? bounds.end : (asked?.offset ?? bounds.start);
      const position = { topic: names.topic(topic), partition, offset };
      positions.push(position);
      ends.set(position, bounds.end);
    }
  }

  const stopping = new AbortController();
  const caughtUp = Promise.withResolvers<void>();
  caughtUp.promise.catch(() => undefined);
  const reader = createLogReader(settings);
  let heardAtMs = performance.now();

  const forgetReached = () => {
    for (const [position, end] of ends) if (position.offset >= end) ends.delete(position);
    if (ends.size === 0) caughtUp.resolve();
  };
  const take = async () => {
    const chunks = await reader.read(positions, WAIT_MS);
    heardAtMs = performance.now();
    for (const chunk of chunks) {
      const position = positions.find(({ topic, partition }) => topic === chunk.topic && partition === chunk.partition);
      if (position === undefined) continue;
      const plain = names.plainTopic(chunk.topic);
      if (chunk.messages.length > 0 && !stopping.signal.aborted) {
        await handOver(chunk.messages.map((message) => toIncoming(plain, chunk.partition, message)));
      }
      if (!stopping.signal.aborted) position.offset = chunk.next;
    }
    forgetReached();
  };
  const handOver = async (records: IncomingRecord[]) => {
    try {
      await onRecords(records);
    } catch (error) {
      throw new MessagingError('fatal', `following ${topics.join(', ')}: the reader failed`, { cause: error });
    }
  };
  const running = (async () => {
    forgetReached();
    while (!stopping.signal.aborted) {
      try {
        await take();
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (isOutOfRange(error)) await moveIntoRange(context, positions);
        else if (error instanceof MessagingError && error.kind === 'fatal') return context.onFatal(error);
        else logger.warn({ topics, err: error }, 'following was interrupted');
        await wait(RETRY_WAIT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  })();

  const assignment: Assignment = { generation: 1, partitions: partitionsOf(context, positions) };
  return {
    ready: Promise.resolve(),
    caughtUp: caughtUp.promise,
    healthy: () => !stopping.signal.aborted && performance.now() - heardAtMs < SILENCE_MS_MAX,
    assignment: () => assignment,
    stalled: () => [],
    stop: async () => {
      stopping.abort();
      await reader.close();
      await running;
      caughtUp.reject(new MessagingError('retry', 'following was stopped before it had caught up'));
    },
  };
}

function partitionsOf({ names }: MessagingContext, positions: readonly Position[]): Map<string, number[]> {
  const partitions = new Map<string, number[]>();
  for (const { topic, partition } of positions) {
    const plain = names.plainTopic(topic);
    partitions.set(plain, [...(partitions.get(plain) ?? []), partition]);
  }
  return partitions;
}

/** Retention has taken away where we stood (or the log was cut): go on at the nearest offset there is. */
async function moveIntoRange({ admin, logger }: MessagingContext, positions: Position[]): Promise<void> {
  for (const position of positions) {
    const bounds = await admin
      .bounds(position.topic)
      .then((all) => all[position.partition])
      .catch(() => undefined);
    if (bounds === undefined) continue;
    const { offset } = position;
    position.offset = offset < bounds.start ? bounds.start : offset > bounds.end ? bounds.end : offset;
    if (position.offset !== offset)
      logger.warn({ ...position, offset: `${offset}` }, 'the log no longer has this offset');
  }
}
