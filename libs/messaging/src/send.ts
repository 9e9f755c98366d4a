// Sends records so that "sent" means every partition's leader has acknowledged every one of them.
import type { Message, ProducerBatch, RecordMetadata } from 'kafkajs';
import { MessagingError } from './errors.ts';
import type { OutgoingRecord, Placed } from './types.ts';

/** Brokers count a batch per partition after compression, 1,048,588 bytes by default; we count before it, with a margin. */
export const SEND_BYTES_MAX = 900_000;
/** Small records: what is sent is also held and encoded in one go, without a pause for heartbeats. */
const SEND_RECORDS_MAX = 5_000;
/** What a record costs besides key, value and headers, and a header besides its text. */
const RECORD_OVERHEAD_BYTES = 70;
const HEADER_OVERHEAD_BYTES = 10;
/** For the leader to hear from its followers; below the time after which we take the connection for dead. */
const ACK_TIMEOUT_MS = 4_000;

/** A record whose topic is the real name and whose partition is chosen. */
export interface AddressedRecord extends OutgoingRecord {
  partition: number;
}

export type SendBatch = (batch: ProducerBatch) => Promise<RecordMetadata[]>;

/** What a record takes on the wire, at most, in bytes. */
export function recordBytes({ key, value, headers }: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>): number {
  let bytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0) + HEADER_OVERHEAD_BYTES;
  return bytes;
}

/**
 * Cuts records into sends that no broker refuses for their size, each partition's in order. A record that is too large by
 * itself is sent alone: a dead letter may be (its topic takes more), of others the broker says so.
 */
export function splitBySize(
  records: readonly AddressedRecord[],
  bytesMax: number = SEND_BYTES_MAX,
): AddressedRecord[][] {
  const parts: AddressedRecord[][] = [];
  let part: AddressedRecord[] = [];
  let sizes = new Map<string, { bytes: number; records: number }>();
  for (const record of records) {
    const bytes = recordBytes(record);
    const place = placeOf(record.topic, record.partition);
    let size = sizes.get(place);
    if (size !== undefined && (size.bytes + bytes > bytesMax || size.records === SEND_RECORDS_MAX)) {
      parts.push(part);
      part = [];
      sizes = new Map();
      size = undefined;
    }
    if (size === undefined) sizes.set(place, (size = { bytes: 0, records: 0 }));
    size.bytes += bytes;
    size.records++;
    part.push(record);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/**
 * Sends one part and checks its acknowledgements: exactly one without error for each partition. kafkajs resolves
 * although a partition was never sent when its leader moves to a broker that has answered already (tulios/kafkajs#1303).
 * Gives where each record lies, in the records' order.
 */
export async function sendChecked(sendBatch: SendBatch, records: readonly AddressedRecord[]): Promise<Placed[]> {
  const acks = await sendBatch({ acks: -1, timeout: ACK_TIMEOUT_MS, topicMessages: byTopic(records) });
  const next = new Map<string, bigint>();
  for (const { topicName, partition, errorCode, baseOffset } of acks) {
    const place = placeOf(topicName, partition);
    if (errorCode !== 0 || next.has(place) || baseOffset === undefined) {
      throw new MessagingError('retry', `${place} was acknowledged twice or with error ${errorCode}`);
    }
    next.set(place, BigInt(baseOffset));
  }
  return records.map(({ topic, partition }) => {
    const place = placeOf(topic, partition);
    const offset = next.get(place);
    if (offset === undefined) throw new MessagingError('retry', `${place} was sent but not acknowledged`);
    next.set(place, offset + 1n);
    return { topic, partition, offset };
  });
}

function byTopic(records: readonly AddressedRecord[]): { topic: string; messages: Message[] }[] {
  const messages = new Map<string, Message[]>();
  for (const record of records) {
    const ofTopic = messages.get(record.topic);
    if (ofTopic === undefined) messages.set(record.topic, [record]);
    else ofTopic.push(record);
  }
  return [...messages].map(([topic, list]) => ({ topic, messages: list }));
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
