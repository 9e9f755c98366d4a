// Keeps encoded events beside the decision that caused them until they are published: the table of outgoing events.
import { rowsParameter } from './rows-parameter.ts';
import type { Queryable, Transaction } from './types.ts';

/** To be copied into the migrations of every app that publishes from its database. */
export const OUTGOING_EVENTS_SQL = `CREATE TABLE outgoing_events (
  input_topic text NOT NULL,
  input_partition integer NOT NULL,
  source_offset bigint NOT NULL,
  index integer NOT NULL,
  topic text NOT NULL,
  key bytea,
  value bytea,
  headers json NOT NULL,
  PRIMARY KEY (input_topic, input_partition, source_offset, index)
);
CREATE TYPE outgoing_row AS (
  source_offset bigint,
  index integer,
  topic text,
  key_at integer,
  key_bytes integer,
  value_at integer,
  value_bytes integer,
  headers_at integer,
  headers_bytes integer
);`;

/** Header values are text; bytes that are not (a dead letter's, say) stay bytes. */
export type OutgoingHeaders = Record<string, string | Buffer>;

/** One event to publish: caused by the record at `sourceOffset` of the input partition, the index-th of its events. */
export interface OutgoingEvent {
  sourceOffset: bigint;
  index: number;
  topic: string;
  key: Buffer | null;
  /** null: a dead letter of a record without a value. */
  value: Buffer | null;
  headers: OutgoingHeaders;
}

export interface InputPartition {
  inputTopic: string;
  inputPartition: number;
}

export interface OutgoingEvents extends InputPartition {
  events: readonly OutgoingEvent[];
}

/**
 * The insert of events with its parameters, numbered from `$1`, to be run alone or as part of a larger statement.
 * Keys, values and headers travel as one block of bytes each and are cut apart by the server: a bytea[] would be sent
 * as hexadecimal text, twice the size and escaped byte by byte.
 */
export const outgoingPart = {
  text: `INSERT INTO outgoing_events (input_topic, input_partition, source_offset, index, topic, key, value, headers)
         SELECT $1::text, $2::int, e.source_offset, e.index, e.topic,
                CASE WHEN e.key_bytes >= 0 THEN substring($4::bytea FROM e.key_at FOR e.key_bytes) END,
                CASE WHEN e.value_bytes >= 0 THEN substring($5::bytea FROM e.value_at FOR e.value_bytes) END,
                convert_from(substring($6::bytea FROM e.headers_at FOR e.headers_bytes), 'UTF8')::json
           FROM unnest($3::outgoing_row[]) AS e`,
  parameters: ({ inputTopic, inputPartition, events }: OutgoingEvents): unknown[] => {
    const keys = createPack();
    const values = createPack();
    const headers = createPack();
    const rows = events.map((event) => [
      ...[event.sourceOffset, event.index, event.topic],
      ...[...keys.add(event.key), ...values.add(event.value), ...headers.add(headersToText(event.headers))],
    ]);
    return [inputTopic, inputPartition, rowsParameter(rows), keys.bytes(), values.bytes(), headers.bytes()];
  },
};

/** Stores events in the transaction of their decision. */
export async function insertOutgoing(transaction: Transaction, events: OutgoingEvents): Promise<void> {
  if (events.events.length === 0) return;
  const { text, parameters } = outgoingPart;
  await transaction.execute({ name: 'insert-outgoing', text, values: parameters(events) });
}

export interface OutgoingRange extends InputPartition {
  /** First source offset, inclusive. */
  from: bigint;
  /** Last source offset, exclusive. */
  before: bigint;
  /** Rows are read until their values pass this; at least one is. */
  limitBytes: number;
  limitRows: number;
}

/** Reads events of [from, before) in order of source offset and index, no more than the limits allow. */
export async function readOutgoing(
  database: Queryable,
  { inputTopic, inputPartition, from, before, limitBytes, limitRows }: OutgoingRange,
): Promise<OutgoingEvent[]> {
  const rows = await database.query<OutgoingRow>({
    name: 'read-outgoing',
    text: `SELECT source_offset, index, topic, key, value, headers
             FROM (SELECT source_offset, index, topic, key, value, headers::text,
                          coalesce(sum(octet_length(value)) OVER (ORDER BY source_offset, index ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
                     FROM (SELECT * FROM outgoing_events
                            WHERE input_topic = $1 AND input_partition = $2 AND source_offset >= $3 AND source_offset < $4
                            ORDER BY source_offset, index LIMIT $6) AS first) AS summed
            WHERE bytes_before < $5
            ORDER BY source_offset, index`,
    values: [inputTopic, inputPartition, from, before, limitBytes, limitRows],
  });
  return rows.map(({ source_offset, headers, ...row }) => ({
    ...row,
    sourceOffset: source_offset,
    headers: headersFromText(headers),
  }));
}

/** Forgets events that are published: those with a source offset below `before`. Gives their number. */
export function deleteOutgoing(
  database: Queryable,
  { inputTopic, inputPartition, before }: InputPartition & { before: bigint },
): Promise<number> {
  return database.execute({
    name: 'delete-outgoing',
    text: 'DELETE FROM outgoing_events WHERE input_topic = $1 AND input_partition = $2 AND source_offset < $3',
    values: [inputTopic, inputPartition, before],
  });
}

interface OutgoingRow {
  source_offset: bigint;
  index: number;
  topic: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: string;
}

/** Puts items one behind the other. */
interface Pack {
  /** Gives where the item starts, counted from 1 as SQL counts, and its length in bytes, -1 for null. */
  add(item: Buffer | string | null): [at: number, bytes: number];
  bytes(): Buffer;
}

function createPack(): Pack {
  const items: (Buffer | string)[] = [];
  let next = 1;
  return {
    add: (item) => {
      const at = next;
      if (item === null) return [at, -1];
      const length = typeof item === 'string' ? Buffer.byteLength(item) : item.length;
      items.push(item);
      next += length;
      return [at, length];
    },
    bytes: () => {
      const bytes = Buffer.allocUnsafe(next - 1);
      let at = 0;
      for (const item of items) at += typeof item === 'string' ? bytes.write(item, at) : item.copy(bytes, at);
      return bytes;
    },
  };
}

/** Text headers as they are; bytes become `["base64"]`, which no text can be mistaken for. */
function headersToText(headers: OutgoingHeaders): string {
  return JSON.stringify(
    isAllText(headers)
      ? headers
      : mapValues(headers, (value) => (Buffer.isBuffer(value) ? [value.toString('base64')] : value)),
  );
}

function headersFromText(text: string): OutgoingHeaders {
  // Written by headersToText above: text, or one text in an array.
  const headers = JSON.parse(text) as Record<string, string | [string]>;
  if (isAllText(headers)) return headers;
  return mapValues(headers, (value) => (Array.isArray(value) ? Buffer.from(value[0], 'base64') : value));
}

function isAllText(headers: Readonly<Record<string, unknown>>): headers is Record<string, string> {
  for (const name in headers) if (typeof headers[name] !== 'string') return false;
  return true;
}

function mapValues<From, To>(from: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, change(value)]));
}
