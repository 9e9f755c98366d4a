// Knows how many partitions each topic has, so that records can be given theirs before they are sent.
import type { AdminConnection } from './admin-connection.ts';
import { MessagingError } from './errors.ts';
import { partitionOf } from './partition-of.ts';
import type { AddressedRecord } from './send.ts';
import type { OutgoingRecord } from './types.ts';
import type { Names } from './names.ts';

export interface Addressing {
  /** Records with the topics' real names and every partition chosen. Topics not met before are looked up, once. */
  address(records: readonly OutgoingRecord[]): Promise<AddressedRecord[]>;
  /** Number of partitions, or null when there is no such topic. */
  partitionCount(topic: string): Promise<number | null>;
}

export function createAddressing({ admin, names }: { admin: AdminConnection; names: Names }): Addressing {
  // Counts never change (topic-contracts.ts sees to it). A topic met for the first time is asked for.
  const counts = new Map<string, number>();
  const partitionCount = async (topic: string): Promise<number | null> => {
    const count = counts.get(topic) ?? (await admin.partitionCount(names.topic(topic)));
    if (count !== null) counts.set(topic, count);
    return count;
  };
  const lookUp = async (topic: string) => {
    if ((await partitionCount(topic)) !== null) return;
    throw new MessagingError('retry', `topic ${topic} does not exist: run \`paystream up\` first`);
  };
  return {
    partitionCount,
    address: async (records) => {
      for (const { topic } of records) if (!counts.has(topic)) await lookUp(topic);
      return records.map((record) => {
        const count = counts.get(record.topic) ?? 0;
        const partition = record.partition ?? partitionOf(record.key, count);
        if (partition >= count) throw new MessagingError('fatal', `${record.topic} has no partition ${partition}`);
        const { key, value, headers } = record;
        return { topic: names.topic(record.topic), partition, key, value, headers };
      });
    },
  };
}
