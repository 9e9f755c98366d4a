// Publishes one input partition's outgoing events from the table, each exactly once, behind the database's back.
import { setTimeout as wait } from 'node:timers/promises';
import type { OutgoingEvent } from '@paystream/database';
import { deleteOutgoing, readOutgoing } from '@paystream/database';
import type { MessagingContext } from './context.ts';
import { MessagingError } from './errors.ts';
import type { FencedProducer } from './fenced-producer.ts';
import type { ConsumerKey } from './published-offset.ts';
import { SOURCE_OFFSET_HEADER, SOURCE_TOPIC_HEADER, publishedOffset } from './published-offset.ts';
import { placesOf, takeOver } from './take-over.ts';
import type { OutgoingRecord } from './types.ts';

/** Read from the table and published in one transaction. */
const TRANSACTION_BYTES_MAX = 4_000_000;
const TRANSACTION_ROWS_MAX = 8_000;
const RETRY_WAIT_MS_MIN = 50;
const RETRY_WAIT_MS_MAX = 2_000;
/** Published events are deleted this long after, together. */
const DELETE_WAIT_MS = 1_000;
const CLOSE_DEADLINE_MS = 5_000;

/**
 * A lane lives for one assignment of its partition. It publishes what lies in [K, D): K is the group's offset, read after
 * its producer has fenced all earlier ones and moved only in the transactions that publish; D is what it is asked for.
 */
export interface PublishingLane {
  /** Everything below `applied` is committed in the database: publish it. */
  request(applied: bigint): void;
  /** Resolves when everything requested before this call is published; rejects when the lane ends before. */
  settled(signal: AbortSignal): Promise<void>;
  /** Ends it at once: the partition is somebody else's. */
  kill(): void;
  /** Ends it when what was requested is published, or a few seconds later. */
  close(): Promise<void>;
}

export function openPublishingLane(context: MessagingContext, key: ConsumerKey, partition: number): PublishingLane {
  const { names, addressing, admin, logger } = context;
  const { groupId, topic, database } = key;
  const input = { inputTopic: topic, inputPartition: partition };
  const ended = new AbortController();
  const waiters = new Set<{ until: bigint; resolve(): void }>();
  let producer: FencedProducer | null = null;
  let published: bigint | null = null;
  let requested = 0n;
  let running: Promise<void> | null = null;
  let deleteTimer: NodeJS.Timeout | null = null;

  const run = async () => {
    for (let failures = 0; !ended.signal.aborted && (published === null || published < requested);) {
      try {
        await step();
        failures = 0;
      } catch (error) {
        producer?.kill();
        producer = null;
        published = null;
        if (ended.signal.aborted) break;
        if (error instanceof MessagingError && error.kind === 'fatal') {
          kill();
          context.onFatal(error);
          break;
        }
        logger.warn({ group: groupId, topic, partition, err: error }, 'publishing failed and will be tried again');
        const waitMs = Math.min(RETRY_WAIT_MS_MIN * 2 ** failures++, RETRY_WAIT_MS_MAX);
        await wait(waitMs, undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
    // Ended while it was being opened, it was not there to be killed.
    if (ended.signal.aborted) producer?.kill();
    running = null;
  };

  const step = async () => {
    if (producer === null || published === null) {
      const places = await placesOf(context, key.outputTopics, partition);
      producer = await takeOver(context, names.transactionalId(`${groupId}-${topic}-${partition}`), places);
      published = await publishedOffset(context, key, partition);
    } else {
      published = await publishNext(producer, published);
    }
    if (ended.signal.aborted) return;
    for (const waiter of [...waiters]) if (published >= waiter.until) waiter.resolve();
    deleteLater();
  };

  /** One transaction: events from `from` on, and the group's offset behind the last of them. Gives the new K. */
  const publishNext = async (fenced: FencedProducer, from: bigint): Promise<bigint> => {
    const { events, next } = await readWholeSources(from, requested);
    const records = await addressing.address(events.map((event) => toRecord(event)));
    const offset = { group: names.group(groupId), topic: names.topic(topic), partition, next };
    await fenced.transact(records, offset);
    return next;
  };

  /** Events of as many whole sources as the bounds allow: a source's events are never split over two transactions. */
  const readWholeSources = async (from: bigint, before: bigint): Promise<{ events: OutgoingEvent[]; next: bigint }> => {
    const bounds = { limitBytes: TRANSACTION_BYTES_MAX, limitRows: TRANSACTION_ROWS_MAX };
    const events = await readOutgoing(database, { ...input, from, before, ...bounds });
    const bytes = events.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    const last = events.at(-1);
    if (last === undefined || (events.length < bounds.limitRows && bytes < bounds.limitBytes))
      return { events, next: before };
    // The read may have stopped in the midst of the last source's events: leave that source for the next time.
    const whole = events.filter(({ sourceOffset }) => sourceOffset < last.sourceOffset);
    if (whole.length > 0) return { events: whole, next: last.sourceOffset };
    const unbounded = { limitBytes: Number.MAX_SAFE_INTEGER, limitRows: Number.MAX_SAFE_INTEGER };
    const next = last.sourceOffset + 1n;
    return { events: await readOutgoing(database, { ...input, from, before: next, ...unbounded }), next };
  };

  const toRecord = ({ topic: output, key: recordKey, value, headers, sourceOffset }: OutgoingEvent): OutgoingRecord => {
    headers[SOURCE_TOPIC_HEADER] = topic;
    headers[SOURCE_OFFSET_HEADER] = `${sourceOffset}`;
    return { topic: output, partition, key: recordKey, value, headers };
  };

  const deletePublished = async (): Promise<void> => {
    // What the broker says now, not what it has said: an offset whose commit it forgets in a crash is read back lower.
    const committed = (await admin.committed(names.group(groupId), names.topic(topic)))[partition] ?? null;
    if (committed !== null) await deleteOutgoing(database, { ...input, before: committed });
  };
  const deleteLater = () => {
    deleteTimer ??= setTimeout(() => {
      deleteTimer = null;
      // Nobody waits for it; what is left is deleted the next time.
      deletePublished().catch((error: unknown) =>
        logger.warn({ topic, partition, err: error }, 'published events could not be deleted yet'),
      );
    }, DELETE_WAIT_MS);
  };

  const kill = () => {
    ended.abort();
    producer?.kill();
    if (deleteTimer !== null) clearTimeout(deleteTimer);
  };
  const settled = (signal: AbortSignal): Promise<void> => {
    const until = requested;
    const idle = running === null && !ended.signal.aborted;
    if (idle || (published !== null && published >= until)) return Promise.resolve();
    const stopped = AbortSignal.any([signal, ended.signal]);
    return new Promise((resolve, reject) => {
      const giveUp = () =>
        end(() => reject(new MessagingError('retry', `publishing of ${topic}/${partition} was given up`)));
      const waiter = { until, resolve: () => end(resolve) };
      const end = (settle: () => void) => {
        waiters.delete(waiter);
        stopped.removeEventListener('abort', giveUp);
        settle();
      };
      waiters.add(waiter);
      stopped.addEventListener('abort', giveUp);
      if (stopped.aborted) giveUp();
    });
  };

  return {
    request: (applied) => {
      if (applied > requested) requested = applied;
      const isWorkLeft = published === null || published < requested;
      if (!ended.signal.aborted && running === null && isWorkLeft) running = run();
    },
    settled,
    kill,
    close: async () => {
      await settled(AbortSignal.timeout(CLOSE_DEADLINE_MS)).catch(() => undefined);
      const last = producer;
      producer = null;
      await last?.close();
      kill();
      await running;
    },
  };
}
