// Consumes, transforms and produces, at least once: a group's offset moves when what its records became is acknowledged.
import { once } from 'node:events';
import { faultPoint } from '@paystream/runtime';
import { parts } from './batch-parts.ts';
import type { MessagingContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { FetchedBatch } from './group-consumer.ts';
import { startGroupConsumer } from './group-consumer.ts';
import { PARTITIONS_CONCURRENTLY } from './limits.ts';
import { createOffsetCopy } from './offset-copy.ts';
import { createPublisher } from './publisher.ts';
import type { Batch, Consumer, OutgoingRecord } from './types.ts';

const RECORDS_PER_SEND_MAX = 2_000;
/** For batches in hand to be acknowledged when the consumer stops; what waits for longer comes again to the next owner. */
const FINISH_DEADLINE_MS = 1_000;

export interface TransformOptions {
  groupId: string;
  topics: readonly string[];
  /**
   * What the batch's records become, in order; dead letters are among it. It may run again for records it has seen, with
   * nothing of the first time kept. When it throws the batch comes again after a rest, for as long as it throws.
   */
  transform: (batch: Batch) => Promise<OutgoingRecord[]>;
  partitionsConcurrently?: number;
  recordsPerSendMax?: number;
}

/**
 * Starts a consume-transform-produce loop. What becomes of an input partition is written in the order of its input,
 * whatever crashes or freezes and whoever works on it beside us: records may be repeated, but the first of each are
 * complete and in order. For a member begins where everything before is acknowledged, sends the next records when those
 * before are acknowledged, and sends a part that failed again as a whole; so at each write all that precedes is there.
 *
 * @throws MessagingError when a topic does not exist or no broker answers
 */
export async function consumeIntoTopics(context: MessagingContext, options: TransformOptions): Promise<Consumer> {
  const { groupId, topics, transform, recordsPerSendMax = RECORDS_PER_SEND_MAX } = options;
  // One for all partitions: what they have to say at the same time is one request.
  const publisher = createPublisher(context);
  const offsets = createOffsetCopy(context);
  const inHand = new Set<Promise<void>>();
  let isStopping = false;

  const work = async (batch: FetchedBatch): Promise<void> => {
    const { topic, partition, highWatermark, signal } = batch;
    for (const { records, next } of parts(batch, recordsPerSendMax)) {
      const outgoing = await transform({ topic, partition, records, highWatermark, signal });
      if (signal.aborted) throw new Error('the batch was taken away while it was transformed');
      await publisher.publish(outgoing);
      faultPoint('messaging.acknowledged');
      batch.resolve(next);
      offsets.note(batch, next);
    }
  };

  const handle = async (batch: FetchedBatch): Promise<void> => {
    if (!isStopping) {
      const working = work(batch);
      inHand.add(working);
      try {
        return await working;
      } catch (error) {
        if (!isStopping) throw error;
      } finally {
        inHand.delete(working);
      }
    }
    // The offsets are being committed, and that needs the membership: the batch waits for its end, undone.
    if (!batch.signal.aborted) await once(batch.signal, 'abort');
    throw new Error('the consumer stops');
  };

  const consumer = await startGroupConsumer({
    ...context,
    groupId,
    topics,
    partitionsConcurrently: options.partitionsConcurrently ?? PARTITIONS_CONCURRENTLY,
    handle,
    onAssigned: () => undefined,
  });
  return {
    ...consumer,
    stop: async () => {
      isStopping = true;
      const finished = Promise.allSettled(inHand);
      await withDeadline(finished, 'finishing the batches in hand', FINISH_DEADLINE_MS).catch(() => undefined);
      await offsets.flush();
      await consumer.stop();
      await publisher.close();
    },
  };
}
