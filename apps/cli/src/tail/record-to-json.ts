// Shows one record of the log as a value for JSON: decoded where its bytes allow, with the reason where they do not.

import type { IncomingRecord, Messaging } from '@paystream/messaging';
import { isTopicName } from '@paystream/topics';
import type { TopicName } from '@paystream/topics';

const DEAD_LETTERS = /^(?<topic>.+)\.[^.]+\.dlq$/;

/** The topic whose schema a topic's values follow: a dead-letter topic holds the bytes of the one it is named after. */
export function schemaTopicOf(topic: string): TopicName | null {
  const name = DEAD_LETTERS.exec(topic)?.groups?.['topic'] ?? topic;
  return isTopicName(name) ? name : null;
}

/** The record in snake case; `codec.prepare` must have seen it. */
export function recordToJson({ codec }: Pick<Messaging, 'codec'>, record: IncomingRecord): object {
  const { topic, partition, offset, timestampMs, key, headers } = record;
  return {
    topic,
    partition,
    offset,
    time: new Date(Number(timestampMs)).toISOString(),
    key: key?.toString() ?? null,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toString()])),
    ...valueOf({ codec }, record),
  };
}

function valueOf({ codec }: Pick<Messaging, 'codec'>, { topic, value }: IncomingRecord): object {
  const schemaTopic = schemaTopicOf(topic);
  if (value === null) return { value: null };
  const decoded = schemaTopic === null ? null : codec.decode(schemaTopic, value);
  if (decoded?.ok === true) return { value: decoded.value };
  const reason = decoded === null ? 'this topic has no schema here' : decoded.reason;
  return { value: null, value_base64: value.toString('base64'), undecodable: reason };
}
