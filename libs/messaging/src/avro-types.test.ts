// Says that our longs are Avro's longs byte for byte, and that garbage ends a read instead of the process.
import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { avroType } from './avro-types.ts';

const long = avroType('long');
const list = avroType({ type: 'array', items: 'string' });

describe('a long', () => {
  test('has the bytes of avsc’s own long wherever that one is exact', () => {
    const plain = avsc.Type.forSchema('long');
    fc.assert(
      // Beyond 2^52 avsc's own long loses its last bit in silence, which is why ours exists.
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(2 ** 20), (high, low) => {
        const value = high * 2 ** 20 + low;
        expect(long.toBuffer(BigInt(value))).toEqual(plain.toBuffer(value));
      }),
    );
  });

  test('returns as the bigint that was written, over all 64 bits', () => {
    const edges = [0n, -1n, 2n ** 52n, -(2n ** 52n), 2n ** 53n, 2n ** 62n, -(2n ** 62n), 2n ** 63n - 1n, -(2n ** 63n)];
    for (const value of edges) expect(long.fromBuffer(long.toBuffer(value))).toBe(value);
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(long.fromBuffer(long.toBuffer(value))).toBe(value);
      }),
    );
  });

  test('is a bigint also as a time and inside a union', () => {
    const type = avroType(['null', { type: 'long', logicalType: 'timestamp-micros' }]);
    expect(type.fromBuffer(type.toBuffer(1_790_000_000_000_001n))).toBe(1_790_000_000_000_001n);
    expect(type.fromBuffer(type.toBuffer(null))).toBeNull();
  });

  test.each([[5], [2n ** 63n], [-(2n ** 63n) - 1n], ['5'], [undefined]])('refuses to write %s', (value) => {
    expect(() => long.toBuffer(value)).toThrow(/bigint within 64 bits/);
  });

  test('of more than ten bytes is refused', () => {
    expect((): unknown => long.fromBuffer(Buffer.alloc(11, 0xff))).toThrow(/more than ten bytes/);
  });
});

describe('an array', () => {
  test('keeps its items in order', () => {
    expect(list.fromBuffer(list.toBuffer(['a', '', 'c']))).toEqual(['a', '', 'c']);
  });

  test('in blocks that state their size reads the same', () => {
    // One block of two items and three bytes (count -2, size 3), then the end.
    expect(list.fromBuffer(Buffer.from([0x03, 0x06, 0x02, 0x61, 0x00, 0x00]))).toEqual(['a', '']);
  });

  test('that claims more items than there are bytes is refused at once', () => {
    const claim = Buffer.concat([long.toBuffer(2n ** 50n), Buffer.from('garbage')]);
    expect((): unknown => list.fromBuffer(claim)).toThrow(/longer than the record/);
  });

  test('that claims too much is refused as well where a reader skips it', () => {
    const writer = avroType(record([{ name: 'gone', type: { type: 'array', items: 'string' } }]));
    const reader = avroType(record([]));
    const claim = Buffer.concat([long.toBuffer(2n ** 50n), Buffer.from('garbage')]);
    expect((): unknown => reader.fromBuffer(claim, reader.createResolver(writer))).toThrow(/longer than the record/);
  });
});

test('no bytes make a read run away', () => {
  const type = avroType(
    record([{ name: 'lines', type: { type: 'array', items: record([{ name: 'id', type: 'long' }], 'L') } }]),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const started = performance.now();
      try {
        type.decode(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect(performance.now() - started).toBeLessThan(1_000);
    }),
  );
});

function record(fields: object[], name = 'R'): object {
  return { type: 'record', name, fields };
}
