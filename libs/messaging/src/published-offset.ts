// Says up to where a partition's outgoing events are published (K) and whether that fits what the database has applied (D).
import type { Database } from '@paystream/database';
import { readOffsets } from '@paystream/database';
import { catalogue, topicNames } from '@paystream/topics';
import { highWatermarks } from './committed-ends.ts';
import type { MessagingContext } from './context.ts';
import { deadLetterTopic } from './dead-letter.ts';
import { MessagingError } from './errors.ts';
import { findLast } from './read-range.ts';

/** On every record published from a table: the input record it was caused by. The partition's number is the same. */
export const SOURCE_TOPIC_HEADER = 'source_topic';
export const SOURCE_OFFSET_HEADER = 'source_offset';

export interface ConsumerKey {
  groupId: string;
  topic: string;
  database: Database;
  /** Topics the outgoing events go to. */
  outputTopics: readonly string[];
  /** Which records it reads: what it has applied may lie beyond the last committed one. */
  isolation: 'committed' | 'uncommitted';
  /** Whether the group's offset means "published", and not just a copy of the database's. */
  publishes: boolean;
}

/** The topics an app writes, by the contracts, and its dead letters of `topic`. */
export function outputTopicsOf(groupId: string, topic: string): string[] {
  const written = topicNames.filter((name) => catalogue[name].writtenBy.includes(groupId));
  return [...written, deadLetterTopic(topic, groupId)];
}

/**
 * Compares, before anything is consumed, what is published, applied and written, for every partition.
 * @throws MessagingError (fatal) with a sentence when the database does not belong to this log
 */
export async function checkOffsets(context: MessagingContext, key: ConsumerKey): Promise<void> {
  const { names, admin } = context;
  const { groupId, topic, database, publishes } = key;
  // In this order, since others may be at work: each can only have grown when the next is read.
  const published = publishes ? await publishedOffsets(context, key) : [];
  const applied = await readOffsets(database, { group: groupId, topic });
  const stable = (await admin.bounds(names.topic(topic))).map(({ end }) => end);
  const isBeyond = stable.some((end, partition) => (applied.get(partition) ?? 0n) > end);
  const ends = isBeyond && key.isolation === 'uncommitted' ? await highWatermarks(context, topic) : stable;
  for (const [partition, end] of ends.entries()) {
    const place = `${topic}/${partition}`;
    const next = applied.get(partition) ?? 0n;
    checkPublished(key, place, published[partition] ?? 0n, next);
    if (next > end) {
      throw mismatch(
        `${key.groupId} has applied ${place} up to ${next}, but the log ends at ${end}`,
        'an older log or another',
      );
    }
  }
}

/**
 * K of one partition, to be read after the fence. Where the group has no offset (brokers forget those of empty groups) it
 * is taken from the last event published, never read as 0.
 * @throws MessagingError (fatal) when it is beyond what the database has applied
 */
export async function publishedOffset(context: MessagingContext, key: ConsumerKey, partition: number): Promise<bigint> {
  const { names, admin } = context;
  const { groupId, topic, database } = key;
  const committed = (await admin.committed(names.group(groupId), names.topic(topic)))[partition] ?? null;
  const published = committed ?? (await lastPublished(context, key, partition));
  const applied = (await readOffsets(database, { group: groupId, topic })).get(partition) ?? 0n;
  checkPublished(key, `${topic}/${partition}`, published, applied);
  return published;
}

async function publishedOffsets(context: MessagingContext, key: ConsumerKey): Promise<bigint[]> {
  const { names, admin } = context;
  const committed = await admin.committed(names.group(key.groupId), names.topic(key.topic));
  const count = (await admin.bounds(names.topic(key.topic))).length;
  return Promise.all(
    Array.from(
      { length: count },
      async (_, partition) => committed[partition] ?? lastPublished(context, key, partition),
    ),
  );
}

/** All events of one source are published in one transaction, in order; so what follows the last one's source is not. */
async function lastPublished(context: MessagingContext, key: ConsumerKey, partition: number): Promise<bigint> {
  let next = 0n;
  for (const output of key.outputTopics) {
    const end = await endOf(context, output, partition);
    if (end === null) continue;
    const last = await findLast(context, {
      topic: output,
      partition,
      before: end,
      matches: ({ headers }) => headers[SOURCE_TOPIC_HEADER]?.toString() === key.topic,
    });
    const source = last?.headers[SOURCE_OFFSET_HEADER];
    if (source !== undefined && BigInt(source.toString()) >= next) next = BigInt(source.toString()) + 1n;
  }
  return next;
}

async function endOf({ admin, names }: MessagingContext, topic: string, partition: number): Promise<bigint | null> {
  if ((await admin.partitionCount(names.topic(topic))) === null) return null;
  return (await admin.bounds(names.topic(topic)))[partition]?.end ?? null;
}

function checkPublished({ groupId }: ConsumerKey, place: string, published: bigint, applied: bigint): void {
  if (published <= applied) return;
  throw mismatch(
    `${groupId} has published ${place} up to ${published}, but its database has applied it only up to ${applied}`,
    'an older database or another',
  );
}

function mismatch(what: string, found: string): MessagingError {
  return new MessagingError(
    'fatal',
    `${what}: this is ${found}, and going on would lose or double events. ` +
      'Bring the two that belong together back, or derive the database anew from the log: npx paystream rebuild',
  );
}
