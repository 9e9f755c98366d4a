// Holds our own writer and reader of records, checksum and partitioner against kafkajs' and Java's.
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { murmur2, partitionOf } from './partition-of.ts';
import type { BatchContext } from './record-codec.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';

const require = createRequire(import.meta.url);
// kafkajs ships no types for these; in this file they are as shipped, since nothing here loads our replacements.
const theirEncode = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (record: object) => {
  buffer: Buffer;
};
const theirDecode = require('kafkajs/src/protocol/recordBatch/record/v0/decoder.js') as (
  decoder: object,
  context: object,
) => object;
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => { readVarIntBytes(): Buffer };
const theirCrc = require('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (buffer: Buffer) => number;

const context: BatchContext = {
  firstOffset: '9007199254',
  firstTimestamp: '1790000000000',
  magicByte: 2,
  isControlBatch: false,
};
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
// Header names that every object has are read wrongly by kafkajs; they have a test of their own below.
const record = fc.record({
  offsetDelta: fc.nat(5_000_000),
  timestampDelta: fc.nat(2 ** 30),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(
    fc.string({ maxLength: 20, unit: 'binary' }).filter((name) => !(name in {})),
    fc.oneof(bytes, fc.string({ maxLength: 60, unit: 'binary' })),
    { maxKeys: 14, noNullPrototype: true },
  ),
});

/** The record's own bytes, without the length before them. */
function body(encoded: Buffer): Buffer {
  return new Decoder(encoded).readVarIntBytes();
}

it('writes records byte for byte as kafkajs does', () => {
  fc.assert(
    fc.property(record, (given) => {
      expect(encodeRecord(given).equals(theirEncode(given).buffer)).toBe(true);
    }),
  );
});

it('reads records as kafkajs does', () => {
  fc.assert(
    fc.property(record, (given) => {
      const own = body(theirEncode(given).buffer);
      expect(decodeRecord(own, context)).toEqual(theirDecode(new Decoder(own), context));
    }),
  );
});

it('keeps headers whose names mean something to JavaScript', () => {
  const headers = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}') as Record<string, string>;
  const read = decodeRecord(body(encodeRecord({ key: null, value: null, headers })), context);
  expect(Object.entries(read.headers).map(([name, value]) => [name, value.toString()])).toEqual(
    Object.entries(headers),
  );
  expect(Object.getPrototypeOf(read.headers)).toBe(Object.prototype);
});

it('refuses a record that ends too early, instead of reading on', () => {
  expect(() => decodeRecord(Buffer.from([0, 0x80]), context)).toThrow(/ends in the midst/);
});

it('computes the checksum of every length as kafkajs does', () => {
  fc.assert(fc.property(bytes, (given) => crc32c(given) === theirCrc(given)));
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

// Kafka's own vectors: clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java (testMurmur2).
it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('hashes %s as Java does', (text, hash) => {
  expect(murmur2(Buffer.from(text)) | 0).toBe(hash);
  expect(partitionOf(Buffer.from(text), 12)).toBe((hash & 0x7fffffff) % 12);
});
