// Owns a member of a consumer group: the loop over batches, its heartbeats, back-off, crash and liveness. Knows no outcome.
import type { Consumer as KafkaConsumer, EachBatchPayload, ConsumerCrashEvent, ConsumerGroupJoinEvent } from 'kafkajs';
import type { Logger } from '@paystream/telemetry';
import type { AdminConnection } from './admin-connection.ts';
import type { ClientSettings } from './client.ts';
import { createClient } from './client.ts';
import { withDeadline } from './deadline.ts';
import { MessagingError, messageOf, toMessagingError } from './errors.ts';
import { toIncoming } from './incoming.ts';
import { SESSION_TIMEOUT_MS } from './limits.ts';
import type { MessagingMetrics } from './metrics.ts';
import type { Names } from './names.ts';
import type { Assignment, Batch, Consumer } from './types.ts';
import { createWatchdog } from './watchdog.ts';

const CONSUMER_OPTIONS = {
  sessionTimeout: SESSION_TIMEOUT_MS,
  heartbeatInterval: 1_000,
  rebalanceTimeout: 15_000,
  // Rules joining, stopping and resuming, not latency: at the default 5,000 an idle join takes 2-3 s. What an idle consumer
  // costs is one fetch per wait.
  maxWaitTimeInMs: 500,
  minBytes: 1,
  maxBytesPerPartition: 524_288,
  metadataMaxAge: 30_000,
  allowAutoTopicCreation: false,
  // The counter never goes back while the loop runs; ten failures of fetching restart the member.
  retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 10 },
};
/** While a batch is handled nobody else sends heartbeats. */
const BATCH_HEARTBEAT_MS = 1_000;
/** A partition whose batch failed rests this long, doubled with each failure in a row. The others go on. */
const BACKOFF_MS_MIN = 50;
const BACKOFF_MS_MAX = 2_000;
/** Failures in a row after which a partition is said to stand still: about a third of a second of tries. */
const STALLED_FAILURES = 3;
const STOP_DEADLINE_MS = 8_000;

/** A batch with what only the loop's own handlers need. */
export interface FetchedBatch extends Batch {
  generation: number;
  /** Where reading began: from here on nothing is missing before the first record but markers and aborted records. */
  fetchedFrom: bigint;
  /** Offset after everything read, markers included: where to go on. */
  next: bigint;
  /** Go on after this offset's predecessor: everything below it is done. */
  resolve(next: bigint): void;
  /** Read from here next time, whatever was resolved. */
  seek(offset: bigint): void;
  /** Stores `next` as the group's offset, for dashboards where the database is the truth. */
  commit(next: bigint): Promise<void>;
}

export interface GroupConsumerOptions {
  settings: ClientSettings;
  names: Names;
  admin: AdminConnection;
  groupId: string;
  topics: readonly string[];
  partitionsConcurrently: number;
  /** Whether records of open and aborted transactions are read too; `committed` unless said otherwise. */
  isolation?: 'committed' | 'uncommitted';
  /** Handles a batch. What it did not resolve comes again; so does everything when it throws, after a rest. */
  handle(batch: FetchedBatch): Promise<void>;
  /** Called, synchronously, each time partitions are assigned: what was begun under the last assignment is over. */
  onAssigned(generation: number): void;
  logger: Logger;
  metrics: MessagingMetrics;
  onFatal(error: Error): void;
}

/**
 * Joins a group and handles batches until stopped.
 * @throws MessagingError when a topic does not exist or no broker answers
 */
export async function startGroupConsumer(options: GroupConsumerOptions): Promise<Consumer> {
  const { settings, names, groupId, topics, logger, metrics } = options;
  const client = createClient(settings);
  const consumer = client.kafka.consumer({
    ...CONSUMER_OPTIONS,
    groupId: names.group(groupId),
    readUncommitted: options.isolation === 'uncommitted',
  });
  const stopping = new AbortController();
  const ready = Promise.withResolvers<void>();
  let assignment: Assignment = { generation: 0, partitions: new Map() };
  let lost = new AbortController();
  let failed = false;

  const fail = (error: Error) => {
    if (failed || stopping.signal.aborted) return;
    failed = true;
    lost.abort();
    options.onFatal(error);
  };
  const watchdog = createWatchdog({ groupId, admin: options.admin, onStalled: fail });
  const loop = createLoop({ ...options, onFatal: fail, consumer, watchdog, stopping: stopping.signal });

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => {
    lost.abort();
    lost = new AbortController();
    const partitions = Object.entries(payload.memberAssignment);
    assignment = {
      generation: assignment.generation + 1,
      partitions: new Map(partitions.map(([topic, numbers]) => [names.plainTopic(topic), numbers])),
    };
    loop.assigned(assignment.generation, lost.signal);
    options.onAssigned(assignment.generation);
    metrics.assignments.inc({ group: groupId });
    ready.resolve();
  });
  consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => {
    logger.warn({ group: groupId, err: payload.error, restart: payload.restart }, 'the consumer crashed');
    // Nothing restarts it then: without this the process would stay up and do nothing (rule 8).
    if (!payload.restart)
      fail(new MessagingError('fatal', `the consumer of ${groupId} ended: ${messageOf(payload.error)}`));
  });
  consumer.on(consumer.events.REQUEST_TIMEOUT, () => client.disconnect());
  consumer.on(consumer.events.FETCH, watchdog.heard);
  consumer.on(consumer.events.HEARTBEAT, watchdog.heard);

  try {
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map(names.topic), fromBeginning: true });
  } catch (error) {
    client.kill();
    throw toMessagingError(error, `starting the consumer of ${groupId} on ${topics.join(', ')}`);
  }
  watchdog.start();
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: options.partitionsConcurrently,
    eachBatch: loop.eachBatch,
  });

  return {
    ready: ready.promise,
    healthy: () => !failed && assignment.generation > 0 && watchdog.healthy(),
    assignment: () => assignment,
    stalled: loop.stalled,
    stop: async () => {
      stopping.abort();
      watchdog.stop();
      loop.stop();
      await withDeadline(consumer.disconnect(), `stopping the consumer of ${groupId}`, STOP_DEADLINE_MS).catch(
        (error: unknown) => logger.warn({ group: groupId, err: error }, 'the consumer did not stop in order'),
      );
      lost.abort();
      client.kill();
    },
  };
}

interface LoopOptions extends GroupConsumerOptions {
  consumer: KafkaConsumer;
  watchdog: { heard(): void };
  stopping: AbortSignal;
}

/** The handling of batches: nothing but a plain return ever leaves it, or kafkajs might stop for good (rule 7). */
function createLoop({ handle, consumer, watchdog, stopping, names, groupId, logger, metrics, onFatal }: LoopOptions) {
  let generation = 0;
  let lost: AbortSignal = new AbortController().signal;
  const resting = new Map<string, { timer: NodeJS.Timeout; resume: () => void }>();
  const failures = new Map<string, number>();

  const wakeAll = () => {
    for (const { timer, resume } of resting.values()) {
      clearTimeout(timer);
      resume();
    }
    resting.clear();
  };
  /** Reads nothing from this partition for a while; its position stays, so the batch comes again. */
  const rest = (place: string, pause: () => () => void) => {
    const count = failures.get(place) ?? 0;
    failures.set(place, count + 1);
    const resume = pause();
    const wake = () => {
      resting.delete(place);
      resume();
    };
    resting.set(place, { resume, timer: setTimeout(wake, Math.min(BACKOFF_MS_MIN * 2 ** count, BACKOFF_MS_MAX)) });
  };

  const isStalled = (place: string): boolean => (failures.get(place) ?? 0) >= STALLED_FAILURES;

  const labelsOf = (place: string) => {
    const [topic = '', partition = ''] = place.split('/');
    return { group: groupId, topic, partition };
  };
  const tellFailure = (place: string, error: unknown) => {
    const details = { ...labelsOf(place), err: error };
    if (!isStalled(place)) return logger.warn(details, 'a batch failed and will be tried again');
    metrics.stalled.set(labelsOf(place), 1);
    logger.error(
      details,
      'a partition stands still: what is next there fails each time; nothing is lost, it is tried on',
    );
  };
  const goOn = (place: string) => {
    if (isStalled(place)) {
      metrics.stalled.set(labelsOf(place), 0);
      logger.info(labelsOf(place), 'a partition goes on');
    }
    failures.delete(place);
  };

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, heartbeat, isRunning, isStale } = payload;
    if (!isRunning() || isStale()) return;
    const topic = names.plainTopic(batch.topic);
    const labels = { group: groupId, topic };
    const place = `${topic}/${batch.partition}`;
    const beat = new AbortController();
    const signal = AbortSignal.any([beat.signal, lost, stopping]);
    // A refused heartbeat means that the group has moved on; kafkajs hears it itself once this batch is over.
    const sendHeartbeat = (): void => void heartbeat().then(watchdog.heard, () => beat.abort());
    const heartbeats = setInterval(sendHeartbeat, BATCH_HEARTBEAT_MS);
    const startedMs = performance.now();
    try {
      const fetched = toFetched(payload, { topic, generation, signal, consumer });
      await handle(fetched);
      goOn(place);
      metrics.records.inc(labels, fetched.records.length);
      metrics.batchSeconds.observe(labels, (performance.now() - startedMs) / 1_000);
      metrics.lag.set({ ...labels, partition: batch.partition }, Number(fetched.highWatermark - fetched.next));
    } catch (error) {
      if (stopping.aborted || lost.aborted) return;
      if (error instanceof MessagingError && error.kind === 'fatal') onFatal(error);
      metrics.retries.inc(labels);
      rest(place, payload.pause);
      tellFailure(place, error);
    } finally {
      clearInterval(heartbeats);
    }
  };

  return {
    eachBatch,
    assigned: (next: number, signal: AbortSignal) => {
      generation = next;
      lost = signal;
      // Another member may have what stood still here; what is still ours says so again.
      for (const place of failures.keys()) metrics.stalled.set(labelsOf(place), 0);
      failures.clear();
      wakeAll();
    },
    stalled: () => [...failures.keys()].filter(isStalled),
    stop: wakeAll,
  };
}

interface BatchContext {
  topic: string;
  generation: number;
  signal: AbortSignal;
  consumer: KafkaConsumer;
}

function toFetched(payload: EachBatchPayload, { topic, generation, signal, consumer }: BatchContext): FetchedBatch {
  const { batch, resolveOffset } = payload;
  const { partition } = batch;
  // Not in kafkajs' types, but in 2.2.4's src/consumer/batch.js: the offset that was asked for.
  const { fetchedOffset } = batch as typeof batch & { fetchedOffset: string };
  return {
    topic,
    partition,
    records: batch.messages.map((message) => toIncoming(topic, partition, message)),
    highWatermark: BigInt(batch.highWatermark),
    signal,
    generation,
    fetchedFrom: BigInt(fetchedOffset),
    next: BigInt(batch.lastOffset()) + 1n,
    resolve: (next) => resolveOffset(`${next - 1n}`),
    seek: (offset) => consumer.seek({ topic: batch.topic, partition, offset: `${offset}` }),
    commit: (offset) =>
      payload.commitOffsetsIfNecessary({
        topics: [{ topic: batch.topic, partitions: [{ partition, offset: `${offset}` }] }],
      }),
  };
}
