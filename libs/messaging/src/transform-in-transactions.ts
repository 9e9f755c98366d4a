// Consumes, transforms and produces so that every input has its outputs exactly once: one transaction per batch and partition.
import type { FencedProducer } from './fenced-producer.ts';
import type { FetchedBatch } from './group-consumer.ts';
import { startGroupConsumer } from './group-consumer.ts';
import { PARTITIONS_CONCURRENTLY } from './limits.ts';
import type { MessagingContext } from './context.ts';
import { outputTopicsOf } from './published-offset.ts';
import type { Place } from './take-over.ts';
import { placesOf, rememberPlaces, takeOver } from './take-over.ts';
import type { Batch, Consumer, OutgoingRecord } from './types.ts';

const RECORDS_PER_TRANSACTION_MAX = 2_000;

export interface TransformOptions {
  groupId: string;
  topics: readonly string[];
  /**
   * What the batch's records become, in order; dead letters are among it. It may run again for records it has seen, with
   * nothing of the first time kept. When it throws the batch comes again after a rest, for as long as it throws.
   */
  transform: (batch: Batch) => Promise<OutgoingRecord[]>;
  /** Where outputs go, those of an earlier process too: by default to the partition of their input's number. */
  outputPartitions?: 'same' | 'any';
  partitionsConcurrently?: number;
  recordsPerTransactionMax?: number;
}

/**
 * Starts a consume-transform-produce loop; docs/kafkajs.md, rules 4 to 6, has each step's reason.
 * @throws MessagingError when a topic does not exist or no broker answers
 */
export async function transformInTransactions(context: MessagingContext, options: TransformOptions): Promise<Consumer> {
  const { groupId, topics, transform, outputPartitions = 'same' } = options;
  const { recordsPerTransactionMax = RECORDS_PER_TRANSACTION_MAX } = options;
  const { names, addressing, admin } = context;
  const producers = new Map<string, FencedProducer>();
  const drop = (place: string) => {
    producers.get(place)?.kill();
    producers.delete(place);
  };

  // Where each input's records went, as far as this process knows, besides where the contracts say they go.
  const outputs = new Map<string, Map<string, Place>>();
  const outputsOf = (place: string): Map<string, Place> => {
    const known = outputs.get(place) ?? new Map<string, Place>();
    outputs.set(place, known);
    return known;
  };

  /** Our producer for this partition, or null when what the batch holds is not where the group stands. */
  const producerFor = async (batch: FetchedBatch, place: string): Promise<FencedProducer | null> => {
    const known = producers.get(place);
    if (known !== undefined) return known;
    const id = names.transactionalId(`${groupId}-${batch.topic}-${batch.partition}`);
    const partition = outputPartitions === 'same' ? batch.partition : null;
    for (const known of await placesOf(context, outputTopicsOf(groupId, batch.topic), partition)) {
      outputsOf(place).set(`${known.topic}/${known.partition}`, known);
    }
    const opened = await takeOver(context, id, [...outputsOf(place).values()]);
    try {
      // Read after the fence: an earlier owner may have committed between our fetch and it (rule 5).
      const committed =
        (await admin.committed(names.group(groupId), names.topic(batch.topic)))[batch.partition] ?? null;
      if (batch.signal.aborted) throw new Error('the partition was taken away while its producer was opened');
      producers.set(place, opened);
      if (committed === null || committed === batch.fetchedFrom) return opened;
      batch.seek(committed);
      return null;
    } catch (error) {
      opened.kill();
      throw error;
    }
  };

  const handle = async (batch: FetchedBatch): Promise<void> => {
    const place = `${batch.topic}/${batch.partition}`;
    const producer = await producerFor(batch, place);
    if (producer === null) return;
    for (const part of parts(batch, recordsPerTransactionMax)) {
      const outgoing = await addressing.address(await transform({ ...batch, records: part.records }));
      if (batch.signal.aborted) throw new Error('the partition was taken away while its batch was transformed');
      rememberPlaces(outputsOf(place), outgoing);
      try {
        await producer.transact(outgoing, {
          group: names.group(groupId),
          topic: names.topic(batch.topic),
          partition: batch.partition,
          next: part.next,
        });
      } catch (error) {
        // Never aborted, never used again: its state is unknown (rule 6). The next batch fences it.
        drop(place);
        throw error;
      }
      batch.resolve(part.next);
    }
  };

  const consumer = await startGroupConsumer({
    ...context,
    groupId,
    topics,
    partitionsConcurrently: options.partitionsConcurrently ?? PARTITIONS_CONCURRENTLY,
    handle,
    onAssigned: () => [...producers.keys()].forEach(drop),
  });
  return {
    ...consumer,
    stop: async () => {
      await consumer.stop();
      await Promise.all([...producers.values()].map((producer) => producer.close()));
    },
  };
}

/** The batch in pieces of at most `max` records, each with the offset after it; the last one's is the batch's own. */
export function* parts(
  { records, next }: FetchedBatch,
  max: number,
): Generator<{ records: Batch['records']; next: bigint }> {
  for (let at = 0; at < records.length; at += max) {
    const following = records[at + max];
    yield { records: records.slice(at, at + max), next: following === undefined ? next : following.offset };
  }
}
