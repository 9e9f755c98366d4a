// Writes and reads one record of Kafka's record batches (format v2) without kafkajs' detour: a buffer of 512 bytes for every
// header written and a new object for every header read. Eleven headers and 400 bytes: 45 µs down to 5 written, 8 to 4 read.

type Text = string | Buffer;

export interface RecordToWrite {
  offsetDelta?: number;
  timestampDelta?: number;
  key?: Text | null;
  value?: Text | null;
  headers?: Record<string, Text>;
}

/** A record as kafkajs' own reader gives it. */
export interface RecordRead {
  magicByte: number;
  attributes: number;
  timestamp: string;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | Buffer[]>;
  isControlRecord: boolean;
  batchContext: BatchContext;
}

export interface BatchContext {
  firstOffset: string;
  firstTimestamp: string;
  maxTimestamp?: string;
  timestampType?: number;
  magicByte: number;
  isControlBatch?: boolean;
}

const LOG_APPEND_TIME = 1;
/** Names of headers are few and always the same; beyond this many they are no longer remembered. */
const NAMES_MAX = 256;
const encodedNames = new Map<string, Buffer>();

/** The record with its length before it, as it stands in a batch. */
export function encodeRecord({ offsetDelta = 0, timestampDelta = 0, key, value, headers = {} }: RecordToWrite): Buffer {
  const names = Object.keys(headers);
  const keyBytes = lengthOf(key);
  const valueBytes = lengthOf(value);
  let bytes = 1 + varintSize(timestampDelta) + varintSize(offsetDelta) + sizedBytes(keyBytes) + sizedBytes(valueBytes);
  bytes += varintSize(names.length);
  for (const name of names) bytes += encodedName(name).length + sizedBytes(lengthOf(headers[name]));

  const buffer = Buffer.allocUnsafe(varintSize(bytes) + bytes);
  let at = writeVarint(buffer, 0, bytes);
  buffer[at++] = 0; // attributes: none are in use
  at = writeVarint(buffer, at, timestampDelta);
  at = writeVarint(buffer, at, offsetDelta);
  at = writeSized(buffer, at, key, keyBytes);
  at = writeSized(buffer, at, value, valueBytes);
  at = writeVarint(buffer, at, names.length);
  for (const name of names) {
    const encoded = encodedName(name);
    encoded.copy(buffer, at);
    const header = headers[name];
    at = writeSized(buffer, at + encoded.length, header, lengthOf(header));
  }
  return buffer;
}

/** Reads a record from its own bytes, the length before it taken off. */
export function decodeRecord(buffer: Buffer, context: BatchContext): RecordRead {
  const cursor = { buffer, at: 1 };
  const timestampDelta = readVarint(cursor);
  const offsetDelta = readVarint(cursor);
  const key = readSized(cursor);
  const value = readSized(cursor);
  const headers: Record<string, Buffer | Buffer[]> = {};
  for (let left = readVarint(cursor); left > 0; left--) addHeader(headers, readName(cursor), readSized(cursor));
  const { firstOffset, firstTimestamp, maxTimestamp, timestampType, magicByte, isControlBatch = false } = context;
  const appended = timestampType === LOG_APPEND_TIME && maxTimestamp !== undefined;
  return {
    magicByte,
    attributes: buffer[0] ?? 0,
    // Both stay below 2^53 for as long as there are such systems.
    timestamp: appended ? maxTimestamp : `${Number(firstTimestamp) + timestampDelta}`,
    offset: `${Number(firstOffset) + offsetDelta}`,
    key,
    value,
    headers,
    isControlRecord: isControlBatch,
    batchContext: context,
  };
}

interface Cursor {
  buffer: Buffer;
  at: number;
}

function addHeader(headers: Record<string, Buffer | Buffer[]>, name: string, read: Buffer | null): void {
  const value = read ?? Buffer.alloc(0);
  const present = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (Array.isArray(present)) present.push(value);
  else if (present !== undefined) headers[name] = [present, value];
  else if (name !== '__proto__') headers[name] = value;
  // A foreign writer may use any name; assigning to this one would replace the object's prototype.
  else Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
}

function encodedName(name: string): Buffer {
  const known = encodedNames.get(name);
  if (known !== undefined) return known;
  const bytes = Buffer.byteLength(name);
  const encoded = Buffer.allocUnsafe(varintSize(bytes) + bytes);
  encoded.write(name, writeVarint(encoded, 0, bytes));
  if (encodedNames.size < NAMES_MAX) encodedNames.set(name, encoded);
  return encoded;
}

/** Bytes of a text, -1 for none. */
function lengthOf(text: Text | null | undefined): number {
  if (text === null || text === undefined) return -1;
  return typeof text === 'string' ? Buffer.byteLength(text) : text.length;
}

function sizedBytes(length: number): number {
  return length < 0 ? 1 : varintSize(length) + length;
}

function writeSized(buffer: Buffer, at: number, text: Text | null | undefined, length: number): number {
  let next = writeVarint(buffer, at, length);
  if (text === null || text === undefined) return next;
  if (typeof text === 'string') buffer.write(text, next);
  else text.copy(buffer, next);
  next += length;
  return next;
}

function readSized(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const start = cursor.at;
  cursor.at += length;
  return cursor.buffer.subarray(start, cursor.at);
}

function readName(cursor: Cursor): string {
  const length = readVarint(cursor);
  const start = cursor.at;
  cursor.at += length;
  return cursor.buffer.toString('utf8', start, cursor.at);
}

/** Zigzag: 0, -1, 1, -2 become 0, 1, 2, 3; without bit operations, since timestamps may pass 32 bits. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}

function writeVarint(buffer: Buffer, start: number, value: number): number {
  let at = start;
  let rest = zigzag(value);
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 0x80;
  buffer[at++] = rest;
  return at;
}

function readVarint(cursor: Cursor): number {
  let result = 0;
  let scale = 1;
  for (;;) {
    const byte = cursor.buffer[cursor.at++];
    if (byte === undefined) throw new Error('a record ends in the midst of a number');
    result += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  return result % 2 === 0 ? result / 2 : -(result + 1) / 2;
}
