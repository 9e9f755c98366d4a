// Turns a record as kafkajs reads it into one of ours.
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { IncomingRecord } from './types.ts';

export function toIncoming(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key,
    value: message.value,
    headers: message.headers === undefined ? {} : toHeaders(message.headers),
    timestampMs: BigInt(message.timestamp),
  };
}

/** As read they are bytes already, save those that occur several times: of these the last counts. */
function toHeaders(headers: IHeaders): Record<string, Buffer> {
  for (const name in headers) {
    const value = headers[name];
    if (Buffer.isBuffer(value)) continue;
    const last = Array.isArray(value) ? value.at(-1) : value;
    headers[name] = last === undefined || last === null ? Buffer.alloc(0) : Buffer.from(last);
  }
  // Every value has just been made a Buffer.
  return headers as Record<string, Buffer>;
}
