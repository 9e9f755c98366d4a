// Checks how records are cut into sends, and that acknowledgements are not taken on trust.
import { expect, it } from 'vitest';
import type { AddressedRecord } from './send.ts';
import { recordBytes, sendChecked, splitBySize } from './send.ts';

function record(topic: string, partition: number, bytes: number): AddressedRecord {
  return { topic, partition, key: null, value: Buffer.alloc(bytes), headers: {} };
}
const ack = (topicName: string, partition: number, baseOffset: string, errorCode = 0) => ({
  topicName,
  partition,
  errorCode,
  baseOffset,
});

it('keeps each partition below the limit and in order', () => {
  const list = [
    record('a', 0, 500),
    record('a', 1, 500),
    record('a', 0, 500),
    record('b', 0, 500),
    record('a', 0, 100),
  ];
  const parts = splitBySize(list, 1_000);
  expect(parts.flat()).toEqual(list);
  expect(parts.map((part) => part.length)).toEqual([2, 3]);
  for (const part of parts) {
    const bytes = part
      .filter(({ topic, partition }) => topic === 'a' && partition === 0)
      .reduce((sum, one) => sum + recordBytes(one), 0);
    expect(bytes).toBeLessThanOrEqual(1_000);
  }
});

it('sends a record that is too large alone', () => {
  const list = [record('a', 0, 10), record('a', 0, 5_000), record('a', 0, 10)];
  expect(splitBySize(list, 1_000).map((part) => part.length)).toEqual([1, 1, 1]);
});

it('sends nothing for nothing', () => {
  expect(splitBySize([])).toEqual([]);
});

it('gives each record the place its partition was acknowledged at', async () => {
  const list = [record('a', 0, 1), record('a', 1, 1), record('a', 0, 1)];
  const placed = await sendChecked(() => Promise.resolve([ack('a', 0, '7'), ack('a', 1, '3')]), list);
  expect(placed.map(({ partition, offset }) => [partition, offset])).toEqual([
    [0, 7n],
    [1, 3n],
    [0, 8n],
  ]);
});

// kafkajs resolves although a partition was never sent when its leader moves to a broker that has answered already.
it.each([
  ['lacks a partition', [ack('a', 0, '7')]],
  ['names a partition twice', [ack('a', 0, '7'), ack('a', 0, '9'), ack('a', 1, '1')]],
  ['carries an error', [ack('a', 0, '7'), ack('a', 1, '-1', 3)]],
  ['is empty', []],
])('takes an answer that %s for a failure', async (_what, acks) => {
  const list = [record('a', 0, 1), record('a', 1, 1)];
  await expect(sendChecked(() => Promise.resolve(acks), list)).rejects.toMatchObject({ kind: 'retry' });
});
