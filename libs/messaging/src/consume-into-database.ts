// Consumes into a database that itself keeps the offset, and publishes what it decided: each record applied exactly once.
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@paystream/database';
import { moveOffset, readOffset } from '@paystream/database';
import { catalogue, isTopicName } from '@paystream/topics';
import type { Applier, ApplyHandlers } from './applying.ts';
import { createApplier } from './applying.ts';
import { parts } from './batch-parts.ts';
import type { Codec } from './codec.ts';
import type { MessagingContext } from './context.ts';
import { MessagingError } from './errors.ts';
import type { FetchedBatch } from './group-consumer.ts';
import { startGroupConsumer } from './group-consumer.ts';
import { createOffsetCopy } from './offset-copy.ts';
import { PARTITIONS_CONCURRENTLY, RECORDS_PER_APPLY_MAX } from './limits.ts';
import type { ConsumerKey } from './published-offset.ts';
import { checkOffsets, outputTopicsOf } from './published-offset.ts';
import type { PublishingLane } from './publishing-lane.ts';
import { commitWaitMsOf, openPublishingLane } from './publishing-lane.ts';
import type { Consumer } from './types.ts';

export interface ConsumeOptions extends ApplyHandlers {
  groupId: string;
  topic: string;
  /** Has the table consumer_offsets, and outgoing_events when it publishes. */
  database: Database;
  /** Records applied in one transaction. */
  recordsMax?: number;
  /** Let records gather for so long after each fetch: for readers nobody waits for. Several partitions rest together. */
  restMs?: number;
  partitionsConcurrently?: number;
  /** Publish what `apply` says it stored with insertOutgoing; the group's offset then means "published", not "applied". */
  publishOutgoing?: boolean;
  /**
   * `uncommitted` does not wait for the end of the transaction a record was written in. Only for a reader to which a record
   * that is aborted and written again is the same as a repeated one.
   */
  isolation?: 'committed' | 'uncommitted';
  /** How long the transaction that publishes waits for more before it is committed. */
  commitWaitMs?: number;
  /** Where those events go; by default what the contracts say this group writes, and its dead letters. */
  outputTopics?: readonly string[];
}

/**
 * Starts consuming a topic into a database; see docs/kafkajs.md, rule 9 and its last section.
 * @throws MessagingError (fatal) naming `rebuild` when database and log do not belong together; MessagingError when the
 * topic does not exist or no broker answers
 */
export async function consumeIntoDatabase(
  context: MessagingContext & { codec: Codec },
  options: ConsumeOptions,
): Promise<Consumer> {
  const { groupId, topic, database, publishOutgoing = false, recordsMax = RECORDS_PER_APPLY_MAX, restMs = 0 } = options;
  const outputTopics = options.outputTopics ?? outputTopicsOf(groupId, topic);
  const { isolation = 'committed' } = options;
  const key: ConsumerKey = { groupId, topic, database, outputTopics, isolation, publishes: publishOutgoing };
  await checkOffsets(context, key);

  const lanes = new Map<number, PublishingLane>();
  const commitWaitMs = () => options.commitWaitMs ?? commitWaitMsOf(lanes.size);
  const laneOf = (partition: number): PublishingLane => {
    const lane = lanes.get(partition) ?? openPublishingLane(context, { key, partition, commitWaitMs });
    lanes.set(partition, lane);
    return lane;
  };
  const appliers = new Map<number, Applier>();
  const applierOf = (partition: number) => {
    const applier = appliers.get(partition) ?? newApplier(context, options, partition);
    appliers.set(partition, applier);
    return applier;
  };

  // Where reading goes on in this assignment, by partition: what we applied up to, or sought.
  const reached = new Map<number, bigint>();
  const seek = (batch: FetchedBatch, offset: bigint) => {
    reached.set(batch.partition, offset);
    batch.seek(offset);
  };
  const readFrom = createReadFrom(context, reached);

  const copy = createOffsetCopy(context);

  const handle = async (batch: FetchedBatch): Promise<void> => {
    await context.codec.prepare(topic, batch.records);
    const lane = publishOutgoing ? laneOf(batch.partition) : null;
    let from = await readFrom(batch);
    for (const part of parts(batch, recordsMax)) {
      const applied = await applierOf(batch.partition).apply({
        batch: { ...batch, records: part.records },
        from,
        next: part.next,
      });
      const { offset } = applied;
      if (applied.kind === 'behind') {
        // A database that was set back under us has published what it no longer holds: that is not to be decided again.
        if (publishOutgoing) await checkOffsets(context, key);
        return seek(batch, await goBackTo(context, batch, key, offset));
      }
      // The table may hold one part that is being sent while the next one is applied, and no more.
      await lane?.sent(batch.signal);
      lane?.request({ from: applied.from, next: offset, stored: applied.stored });
      if (offset > batch.highWatermark) await checkOffsets(context, key);
      if (offset > batch.next) return seek(batch, offset);
      const done = 'fault' in applied ? offset : part.next;
      batch.resolve(done);
      reached.set(batch.partition, done);
      if ('fault' in applied) throw applied.fault;
      from = part.next;
    }
    if (!publishOutgoing) copy.note(batch);
    if (restMs > 0) await wait(restMs, undefined, { signal: batch.signal }).catch(() => undefined);
  };

  const consumer = await startGroupConsumer({
    ...context,
    groupId,
    topics: [topic],
    partitionsConcurrently: options.partitionsConcurrently ?? PARTITIONS_CONCURRENTLY,
    isolation,
    handle,
    onAssigned: () => {
      for (const lane of lanes.values()) lane.kill();
      lanes.clear();
      appliers.clear();
      reached.clear();
      readFrom.forget();
    },
  });
  return {
    ...consumer,
    stop: async () => {
      await copy.flush();
      await consumer.stop();
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
}

function newApplier({ logger, metrics }: MessagingContext, options: ConsumeOptions, partition: number) {
  const { groupId: group, topic } = options;
  return createApplier({
    ...options,
    key: { group, topic, partition },
    onPoison: ({ offset }, error) => {
      metrics.poison.inc({ group, topic });
      logger.error({ group, topic, partition, offset, err: error }, 'a record could not be applied and is put aside');
    },
    onAfterCommitError: (error) =>
      logger.error({ group, topic, partition, err: error }, 'what follows a commit failed; the commit stands'),
  });
}

/** More offsets than the markers of transactions take between two batches: then something else may be missing. */
const MARKERS_MAX = 1_000n;

/**
 * From which offset on a batch is all there is. kafkajs passes over fetches that hold only transaction markers without a
 * word, so reading may begin beyond where we stood; but it also does so when it finds its position gone from the log. The
 * broker is asked where the log begins once per assignment, and at a gap too wide for markers: asking at each is a request
 * per payment.
 */
function createReadFrom({ admin, names }: MessagingContext, reached: ReadonlyMap<number, bigint>) {
  const starts = new Map<number, bigint>();
  const readFrom = async (batch: FetchedBatch): Promise<bigint> => {
    const { partition, fetchedFrom } = batch;
    const stood = reached.get(partition);
    if (stood === undefined || stood >= fetchedFrom) return fetchedFrom;
    let start = starts.get(partition);
    if (start === undefined || fetchedFrom - stood > MARKERS_MAX) {
      start = (await admin.bounds(names.topic(batch.topic)))[partition]?.start ?? 0n;
      starts.set(partition, start);
    }
    return stood >= start ? stood : fetchedFrom;
  };
  return Object.assign(readFrom, { forget: () => starts.clear() });
}

/** Where to read on when the stored offset lies before what was fetched: there, unless the log no longer reaches so far. */
async function goBackTo(
  context: MessagingContext,
  batch: FetchedBatch,
  key: ConsumerKey,
  offset: bigint,
): Promise<bigint> {
  const { topic, partition } = batch;
  const start = (await context.admin.bounds(context.names.topic(topic)))[partition]?.start ?? 0n;
  if (offset >= start) return offset;
  const gap = `${key.groupId} has applied ${topic}/${partition} up to ${offset}, but the log begins at ${start}`;
  const keptForGood = !isTopicName(topic) || catalogue[topic].retentionMs < 0;
  if (keptForGood && offset > 0n) {
    throw new MessagingError('fatal', `${gap}: records are lost; see npx paystream rebuild`);
  }
  context.logger.warn({ group: key.groupId, topic, partition }, `${gap}: reading begins there`);
  await skipTo(key, partition, offset, start);
  return start;
}

async function skipTo({ groupId: group, topic, database }: ConsumerKey, partition: number, from: bigint, to: bigint) {
  await database.transaction(async (transaction) => {
    const stands = await readOffset(transaction, { group, topic, partition });
    if (stands === from) await moveOffset(transaction, { group, topic, partition, from, to });
  });
}
