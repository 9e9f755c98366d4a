// Says what each topic carries and how it is kept; everything but the helpers is generated from the topic folders.
import type { TopicName } from './generated.ts';
import { topicData } from './generated.ts';

export type * from './generated.ts';
export type { Terms } from './terms.ts';
export { NO_TERMS } from './terms.ts';

/** Settings and schema of one topic. */
export interface TopicContract {
  name: TopicName;
  /** What the record's key is, in words. */
  key: string;
  /** `payment`: the count all payment topics share, set when the cluster is set up and never altered. */
  partitions: 'payment' | number;
  cleanupPolicy: 'delete' | 'compact';
  /** -1: kept for good. */
  retentionMs: number;
  writtenBy: readonly string[];
  readBy: readonly string[];
  /** Avro schema of the value, as JSON text. */
  schema: string;
}

/** Every topic by name. */
export const catalogue: Readonly<Record<TopicName, TopicContract>> = withNames();

/** Every topic's name, sorted. */
// The keys of a const object are exactly its type's keys.
export const topicNames = Object.keys(topicData) as TopicName[];

export function isTopicName(name: string): name is TopicName {
  return Object.hasOwn(topicData, name);
}

/** Subject of a topic's value schema in the registry. */
export function subjectOf(topic: TopicName): string {
  return `${topic}-value`;
}

/** Microseconds since the epoch, the unit of every time on a topic. */
export function timestampMicros(date: Date): bigint {
  return BigInt(date.getTime()) * 1000n;
}

function withNames(): Record<TopicName, TopicContract> {
  const entries = Object.entries(topicData).map(([name, data]) => [name, { name, ...data }]);
  // Same keys as topicData, each with its own name added.
  return Object.fromEntries(entries) as Record<TopicName, TopicContract>;
}
