// Publishes one input partition's outgoing events from the table, each exactly once, behind the database's back.
import { setTimeout as wait } from 'node:timers/promises';
import type { OutgoingEvent } from '@paystream/database';
import { deleteOutgoing, readOutgoing } from '@paystream/database';
import type { MessagingContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { MessagingError } from './errors.ts';
import type { FencedProducer, OpenTransaction } from './fenced-producer.ts';
import type { ConsumerKey } from './published-offset.ts';
import { SOURCE_OFFSET_HEADER, SOURCE_TOPIC_HEADER, publishedOffset } from './published-offset.ts';
import { placesOf, takeOver } from './take-over.ts';
import type { OutgoingRecord } from './types.ts';

/** Read from the table, or held in memory, and sent in one go. */
const SEND_BYTES_MAX = 4_000_000;
const SEND_ROWS_MAX = 8_000;
/**
 * A transaction stays open for what follows, and then commits all of it: a transaction costs the broker and us four round
 * trips, a send into an open one costs one. The gateway reads what is sent; subscribers wait for the commit. Each lane of a
 * process adds this much to the wait of all, so that a process of up to four partitions commits four times a second, and one
 * of more once a second for each.
 */
const COMMIT_WAIT_MS_PER_LANE = 250;
const COMMIT_WAIT_MS_MAX = 1_000;
/** Applied stretches whose events are held in memory until they are sent; beyond, they are read from the table. */
const HELD_STRETCHES_MAX = 4;
const RETRY_WAIT_MS_MIN = 50;
const RETRY_WAIT_MS_MAX = 2_000;
/** Published events are deleted this long after, together. */
const DELETE_WAIT_MS = 1_000;
const CLOSE_DEADLINE_MS = 5_000;

/** What a commit in the database added to the table: the events of [from, next), or null where they have to be read. */
export interface AppliedStretch {
  from: bigint;
  next: bigint;
  stored: readonly OutgoingEvent[] | null;
}

/**
 * A lane lives for one assignment of its partition. It publishes what lies in [K, D): K is the group's offset, read after
 * its producer has fenced all earlier ones and moved only in the transactions that publish; D is what it is asked for.
 */
export interface PublishingLane {
  /** Everything below `applied.next` is committed in the database: publish it. */
  request(applied: AppliedStretch): void;
  /** Resolves when everything requested before this call is sent; rejects when the lane ends before. */
  sent(signal: AbortSignal): Promise<void>;
  /** Ends it at once: the partition is somebody else's. */
  kill(): void;
  /** Ends it when what was requested is published, or a few seconds later. */
  close(): Promise<void>;
}

/** A producer of ours, and how far it has come. */
interface Publishing {
  producer: FencedProducer;
  /** K: the group's offset, as of the last commit. */
  published: bigint;
  /** Sent up to here, in the open transaction where that is beyond `published`. */
  sent: bigint;
  open: { transaction: OpenTransaction; commitAtMs: number } | null;
}

/** How long transactions stay open in a process that has so many lanes. */
export function commitWaitMsOf(lanes: number): number {
  return Math.min(lanes * COMMIT_WAIT_MS_PER_LANE, COMMIT_WAIT_MS_MAX);
}

export interface LaneOptions {
  key: ConsumerKey;
  partition: number;
  /** How long a transaction that is begun now stays open. */
  commitWaitMs: () => number;
}

export function openPublishingLane(
  context: MessagingContext,
  { key, partition, commitWaitMs }: LaneOptions,
): PublishingLane {
  const { names, addressing, admin, logger } = context;
  const { groupId, topic, database } = key;
  const input = { inputTopic: topic, inputPartition: partition };
  const ended = new AbortController();
  const waiters = new Set<{ until: bigint; resolve(): void }>();
  let state: Publishing | null = null;
  let requested = 0n;
  const held: AppliedStretch[] = [];
  let running: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  let isClosing = false;
  let deleteTimer: NodeJS.Timeout | null = null;

  const isWorkLeft = () => state === null || state.sent < requested || state.open !== null;
  const run = async () => {
    for (let failures = 0; !ended.signal.aborted && isWorkLeft();) {
      try {
        const { sent: upTo } = await step();
        for (const waiter of [...waiters]) if (upTo >= waiter.until) waiter.resolve();
        failures = 0;
      } catch (error) {
        state?.producer.kill();
        state = null;
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
    if (ended.signal.aborted) state?.producer.kill();
    running = null;
  };

  const step = async (): Promise<Publishing> => {
    if (state === null) {
      state = await takeOverLane();
      return state;
    }
    if (state.sent < requested) await sendNext(state);
    else if (state.open !== null) await untilDue(state.open.commitAtMs);
    if (state.open !== null && isDue(state.open.commitAtMs)) await commitOpen(state, state.open);
    return state;
  };
  const isDue = (atMs: number) => isClosing || performance.now() >= atMs;

  const takeOverLane = async (): Promise<Publishing> => {
    const places = await placesOf(context, key.outputTopics, partition);
    const producer = await takeOver(context, names.transactionalId(`${groupId}-${topic}-${partition}`), places);
    try {
      const published = await publishedOffset(context, key, partition);
      deleteLater();
      return { producer, published, sent: published, open: null };
    } catch (error) {
      producer.kill();
      throw error;
    }
  };

  const sendNext = async (to: Publishing): Promise<void> => {
    const { events, next } = takeHeld(to.sent) ?? (await readWholeSources(to.sent, requested));
    if (events.length > 0) {
      const records = await addressing.address(events.map((event) => toRecord(event)));
      to.open ??= { transaction: await to.producer.begin(), commitAtMs: performance.now() + commitWaitMs() };
      await to.open.transaction.send(records);
    }
    // Of sources without events nothing is sent, and the offset moves with the next transaction; none of them is published
    // again, since there is nothing to publish.
    to.sent = next;
    if (to.open === null) await moveAlone(to);
  };

  /** The offset of sources that have no events, so that what is published can be told from what is not. */
  const moveAlone = async (to: Publishing): Promise<void> => {
    if (to.sent < requested) return;
    to.open = { transaction: await to.producer.begin(), commitAtMs: performance.now() };
    await commitOpen(to, to.open);
  };

  const commitOpen = async (of: Publishing, { transaction }: { transaction: OpenTransaction }): Promise<void> => {
    const { sent } = of;
    await transaction.commit({ group: names.group(groupId), topic: names.topic(topic), partition, next: sent });
    of.open = null;
    of.published = sent;
    deleteLater();
  };

  /** Resolves when the commit is due, or before it when there is more to send, or the lane is to end. */
  const untilDue = async (atMs: number): Promise<void> => {
    if (isDue(atMs) || ended.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, atMs - performance.now());
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  };

  /** The events that follow what is sent, as far as memory has them, several stretches together; null: read the table. */
  const takeHeld = (from: bigint): { events: readonly OutgoingEvent[]; next: bigint } | null => {
    while (held[0] !== undefined && held[0].next <= from) held.shift();
    const events: OutgoingEvent[] = [];
    let next = from;
    let bytes = 0;
    for (let first = held[0]; first !== undefined; first = held[0]) {
      // A gap, or somebody else's events; also a stretch that begins before: what of it is published is known by the table.
      if (first.from !== next || first.stored === null) break;
      for (const event of first.stored) {
        events.push(event);
        bytes += event.value?.length ?? 0;
      }
      ({ next } = first);
      held.shift();
      if (bytes >= SEND_BYTES_MAX || events.length >= SEND_ROWS_MAX) break;
    }
    return next === from ? null : { events, next };
  };

  /** Events of as many whole sources as the bounds allow: a source's events are never split over two transactions. */
  const readWholeSources = async (from: bigint, before: bigint): Promise<{ events: OutgoingEvent[]; next: bigint }> => {
    const bounds = { limitBytes: SEND_BYTES_MAX, limitRows: SEND_ROWS_MAX };
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
    state?.producer.kill();
    wake?.();
    if (deleteTimer !== null) clearTimeout(deleteTimer);
  };
  const sent = (signal: AbortSignal): Promise<void> => {
    const until = requested;
    const isIdle = running === null && !ended.signal.aborted;
    if (isIdle || (state !== null && state.sent >= until)) return Promise.resolve();
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
      if (applied.next > requested) requested = applied.next;
      if (held.length < HELD_STRETCHES_MAX) held.push(applied);
      wake?.();
      if (!ended.signal.aborted && running === null && isWorkLeft()) running = run();
    },
    sent,
    kill,
    close: async () => {
      isClosing = true;
      wake?.();
      await withDeadline(running ?? Promise.resolve(), 'publishing what is left', CLOSE_DEADLINE_MS).catch(
        () => undefined,
      );
      const last = state?.producer;
      state = null;
      kill();
      await last?.close();
      await running;
    },
  };
}
