// Makes the record that says why another one was put aside, with everything needed to bring it back.
import { messageOf } from './errors.ts';
import type { IncomingRecord, OutgoingRecord } from './types.ts';

/** Why: `poison` bytes nobody can read, `schema` unknown, `business` rules forbid it, `transient` or `permanent` trouble. */
export type DeadLetterClass = 'transient' | 'permanent' | 'poison' | 'schema' | 'business';

export interface DeadLetterReason {
  /** The app that could not handle it; its dead letters have a topic of their own. */
  reader: string;
  class: DeadLetterClass;
  /** In a few words, for operators. */
  reason: string;
  /** What was thrown, if anything was. */
  error?: unknown;
  consumerVersion: string;
  /** How often it was tried; 1 unless said otherwise. */
  attempts?: number;
  /** When it failed first; now unless said otherwise. */
  firstAt?: Date;
}

const ERROR_TEXT_LENGTH_MAX = 1_000;

/** Name of the topic that takes a reader's dead letters. */
export function deadLetterTopic(topic: string, reader: string): string {
  return `${topic}.${reader}.dlq`;
}

/** The original bytes and headers, in the partition of the same number, with `dlq_` headers that say why. */
export function deadLetter(record: IncomingRecord, why: DeadLetterReason): OutgoingRecord {
  const { topic, partition, offset, key, value } = record;
  return {
    topic: deadLetterTopic(topic, why.reader),
    partition,
    key,
    value,
    headers: {
      ...record.headers,
      dlq_topic: topic,
      dlq_partition: `${partition}`,
      dlq_offset: `${offset}`,
      dlq_class: why.class,
      dlq_reason: why.reason,
      dlq_attempts: `${why.attempts ?? 1}`,
      dlq_first_at: (why.firstAt ?? new Date()).toISOString(),
      dlq_last_error: errorText(why.error),
      dlq_consumer_version: why.consumerVersion,
    },
  };
}

function errorText(error: unknown): string {
  if (error === undefined) return '';
  const text = error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error);
  return text.slice(0, ERROR_TEXT_LENGTH_MAX);
}
