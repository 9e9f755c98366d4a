// Reads a topic up to its end and decodes it; what cannot be read is a difference, unless it lies in dead letters.

import type { IncomingRecord, Messaging } from '@paystream/messaging';
import type { Chunks, Differences } from '@paystream/proof';
import type { TopicName, TopicValues } from '@paystream/topics';

export interface TopicReader {
  readonly messaging: Pick<Messaging, 'readRange' | 'codec' | 'admin'>;
  readonly differences: Differences;
  readonly signal: AbortSignal | undefined;
}

export interface Decoded<Value> {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Value;
  /** Whether the topic's reader has put it aside. */
  readonly isPutAside: boolean;
}

export interface TopicStretch<Topic extends TopicName> {
  readonly topic: Topic;
  /** By partition, exclusive. */
  readonly before: readonly bigint[];
  /** Topic that takes what the reader of this one puts aside; null where nobody does. */
  readonly deadLetters: string | null;
}

/** The readable records, partition after partition. */
export async function* readTopic<Topic extends TopicName>(
  { messaging, differences, signal }: TopicReader,
  { topic, before, deadLetters }: TopicStretch<Topic>,
): Chunks<Decoded<TopicValues[Topic]>> {
  const { codec } = messaging;
  for (const [partition, end] of before.entries()) {
    const putAside = deadLetters === null ? null : await readSources(messaging, deadLetters, partition);
    for await (const records of messaging.readRange({ topic, partition, from: 0n, before: end })) {
      signal?.throwIfAborted();
      await codec.prepare(topic, records);
      const read: Decoded<TopicValues[Topic]>[] = [];
      for (const { offset, key, value } of records) {
        const decoded = codec.decode(topic, value);
        const isPutAside = putAside?.has(offset) === true;
        if (decoded.ok) read.push({ partition, offset, key, isPutAside, value: decoded.value });
        else if (!isPutAside)
          differences.add({ kind: 'record_unreadable', topic, partition, offset, why: decoded.reason });
      }
      if (read.length > 0) yield read;
    }
  }
}

/** Offsets of the records that a partition's dead letters hold. */
async function readSources(
  { readRange, admin }: Pick<Messaging, 'readRange' | 'admin'>,
  topic: string,
  partition: number,
): Promise<Set<bigint>> {
  const end = (await admin.committedEndOffsets(topic))[partition] ?? 0n;
  const sources = new Set<bigint>();
  for await (const records of readRange({ topic, partition, from: 0n, before: end })) {
    for (const record of records) {
      const source = sourceOf(record);
      if (source !== null) sources.add(source);
    }
  }
  return sources;
}

/** The offset that a dead letter says it comes from; null when it says none. */
export function sourceOf({ headers }: IncomingRecord): bigint | null {
  const text = headers['dlq_offset']?.toString();
  return text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : null;
}
