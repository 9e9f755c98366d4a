// Shows that nothing on the log stops a proof: what cannot be read or lies in the wrong place is named, with its place.

import type { OutgoingRecord } from '@paystream/messaging';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeProof, isProved, proofToJson } from './describe-proof.ts';
import { runProof } from './run-proof.ts';
import { CUSTOMER, PARTITION } from './testing/hand-made-books.ts';
import type { HandMadeStack } from './testing/hand-made-stack.ts';
import { startHandMadeStack } from './testing/hand-made-stack.ts';

const DEAD_LETTERS = 'payment.processed.accounts.dlq';
/** Confluent wire format with the id of a schema that no registry has. */
const UNKNOWN_SCHEMA = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2]);

let handMade: HandMadeStack;

beforeAll(async () => {
  handMade = await startHandMadeStack();
});

afterAll(() => handMade.close());

it('names every record that nobody can read, and goes on', async () => {
  const stray = (topic: string, value: Buffer | null): OutgoingRecord => ({
    ...{ topic, value, partition: PARTITION, key: Buffer.from(CUSTOMER), headers: {} },
  });
  await handMade.publish(
    stray('payment.settled', Buffer.from('x')),
    stray('payment.settled', UNKNOWN_SCHEMA),
    stray('payment.progressed', null),
    stray(DEAD_LETTERS, Buffer.from('x')),
    { ...stray(DEAD_LETTERS, null), headers: { dlq_offset: '3000000000000000000' } },
  );
  const result = await runProof(handMade.stack);
  const unreadable = { kind: 'record_unreadable', partition: PARTITION };
  expect(result.differences).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...unreadable,
        topic: 'payment.settled',
        why: expect.stringContaining('wire format') as unknown,
      }),
      expect.objectContaining({
        ...unreadable,
        topic: 'payment.settled',
        why: expect.stringContaining('not in the registry') as unknown,
      }),
      expect.objectContaining({ ...unreadable, topic: 'payment.progressed', why: 'the value is null' }),
      expect.objectContaining({ ...unreadable, topic: DEAD_LETTERS, why: 'it does not say which record it holds' }),
    ]),
  );
  expect(result.differenceCounts).toEqual({ record_unreadable: 4 });
  expect(isProved(result)).toBe(false);
  expect(describeProof(result).join('\n')).toMatch(/ {2}record_unreadable 4\n {4}payment\.\w+ 1@\d+ cannot be read: /);
  expect(proofToJson(result)).toMatchObject({ difference_count: 4, difference_counts: { record_unreadable: 4 } });
});
