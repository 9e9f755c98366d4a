// Takes over the writing for one input: shuts out its earlier writers, and ends what of theirs a broker has left open.
import type { MessagingContext } from './context.ts';
import type { FencedProducer } from './fenced-producer.ts';
import { openFencedProducer } from './fenced-producer.ts';
import { createLogReader } from './log-reader.ts';
import type { AddressedRecord } from './send.ts';

/** Long enough for an answer, not for records: there are none beyond the last stable offset. */
const WAIT_MS = 1;

/** One partition, by the topic's real name. */
export interface Place {
  topic: string;
  partition: number;
}

/**
 * Opens a producer with the id, after which none before it can write (see fenced-producer.ts), and ends transactions that
 * hang at these places.
 *
 * A broker that is killed right after it has taken a commit may, when it starts again, end the transaction without having
 * written its markers: it takes partitions it does not know of yet for deleted ones (seen with Kafka 4.4.0, one broker;
 * apache/kafka#3130 is where it decides so). The records hang, the group's offset is as before, and the next commit of the
 * same producer id would let the records appear beside their repetition. An abort at the same places ends them for good.
 */
export async function takeOver(
  context: MessagingContext,
  transactionalId: string,
  places: readonly Place[],
): Promise<FencedProducer> {
  const producer = await openFencedProducer(context.settings, transactionalId);
  try {
    const hanging = await withOpenTransactions(context, places);
    if (hanging.length > 0) {
      context.logger.warn({ transactionalId, places: hanging.length }, 'open transactions are ended before writing');
      await producer.abortAt(hanging);
    }
    return producer;
  } catch (error) {
    producer.kill();
    throw error;
  }
}

/** Partitions of this number (null: of every) of those topics that exist. */
export async function placesOf(
  { addressing, names }: MessagingContext,
  topics: readonly string[],
  partition: number | null,
): Promise<Place[]> {
  const places: Place[] = [];
  for (const topic of topics) {
    const count = (await addressing.partitionCount(topic)) ?? 0;
    const numbers = Array.from({ length: count }, (_, number) => number);
    for (const number of numbers) {
      if (partition === null || partition === number) places.push({ topic: names.topic(topic), partition: number });
    }
  }
  return places;
}

/** Keeps in mind where records have gone, each place once. */
export function rememberPlaces(places: Map<string, Place>, records: readonly AddressedRecord[]): void {
  let last: AddressedRecord | undefined;
  for (const record of records) {
    if (record.topic === last?.topic && record.partition === last.partition) continue;
    last = record;
    const { topic, partition } = record;
    const place = `${topic}/${partition}`;
    if (!places.has(place)) places.set(place, { topic, partition });
  }
}

/** Those of the places whose log goes on beyond its last stable offset. Others' transactions may be among them. */
async function withOpenTransactions(context: MessagingContext, places: readonly Place[]): Promise<Place[]> {
  if (places.length === 0) return [];
  const positions = [];
  for (const { topic, partition } of places) {
    const offset = (await context.admin.bounds(topic))[partition]?.end;
    if (offset !== undefined) positions.push({ topic, partition, offset });
  }
  const reader = createLogReader(context.settings);
  try {
    const chunks = await reader.read(positions, WAIT_MS);
    return chunks
      .filter(({ end, highWatermark }) => highWatermark > end)
      .map(({ topic, partition }) => ({ topic, partition }));
  } finally {
    await reader.close();
  }
}
