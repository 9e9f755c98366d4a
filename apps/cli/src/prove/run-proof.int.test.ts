// Proves hand-made books against hand-written topics on the real services, and falsifies copies of them in every way.

import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import type { IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import { aPaymentProcessed, createTestDatabase, createTestMessaging, testServices } from '@paystream/testkit';
import type { TestDatabase, TestMessaging } from '@paystream/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProved } from './describe-proof.ts';
import type { ProofAddresses } from './run-proof.ts';
import { runProof } from './run-proof.ts';
import { SABOTAGES } from './sabotage.ts';
import {
  asked,
  CUSTOMER,
  CUT,
  GARBAGE_OFFSET,
  outcomes,
  PARTITION,
  statements,
  waiting,
  WALLET,
} from './testing/hand-made-books.ts';

const MIGRATIONS = new URL('../../../accounts/migrations/', import.meta.url);

let testDatabase: TestDatabase;
let log: TestMessaging;
let database: Database;
let stack: ProofAddresses;

beforeAll(async () => {
  [testDatabase, log] = await Promise.all([createTestDatabase(), createTestMessaging({ partitions: 2 })]);
  const logger = createLogger({ name: 'test', level: 'error' });
  database = createDatabase({ url: testDatabase.url, name: 'test', logger, poolSizeMax: 2 });
  await database.migrate(MIGRATIONS);
  const services = testServices();
  stack = {
    kafka_brokers: services.kafkaBrokers,
    kafka_topic_prefix: log.topicPrefix,
    schema_registry_url: services.schemaRegistryUrl,
    databases: { accounts: testDatabase.url },
  };
  await writeLog();
  await writeBooks();
});

afterAll(async () => {
  await log.messaging.admin.deleteTopics();
  await Promise.all([log.close(), database.close()]);
  await testDatabase.drop();
});

function outcomeOf({ offset, key, value }: IncomingRecord): OutgoingRecord | null {
  const { codec } = log.messaging;
  const outcome = outcomes[String(offset)];
  const place = { partition: PARTITION, key };
  if (outcome?.topic === 'payment.settled') {
    return { ...place, topic: outcome.topic, value: codec.encode(outcome.topic, outcome.value), headers: {} };
  }
  if (outcome?.topic === 'payment.progressed') {
    return { ...place, topic: outcome.topic, value: codec.encode(outcome.topic, outcome.value), headers: {} };
  }
  if (offset !== GARBAGE_OFFSET) return null;
  const headers = { dlq_offset: String(offset), dlq_topic: 'payment.processed' };
  return { ...place, topic: 'payment.processed.accounts.dlq', value, headers };
}

async function writeLog(): Promise<void> {
  const { codec, createPublisher, consumeIntoTopics, admin } = log.messaging;
  const values = asked.map((value) =>
    value === null ? Buffer.from('garbage') : codec.encode('payment.processed', value),
  );
  const record = { partition: PARTITION, key: Buffer.from(CUSTOMER), headers: {} };
  const publisher = createPublisher();
  await publisher.publish([
    ...values.map((value) => ({ ...record, topic: 'payment.processed', value })),
    { ...record, topic: 'payment.progressed', value: codec.encode('payment.progressed', waiting) },
  ]);
  await publisher.close();

  // Stands in for the accounts app: outcomes, and the group's offset when they are written.
  const consumer = await consumeIntoTopics({
    groupId: 'accounts',
    topics: ['payment.processed'],
    transform: ({ records }) => Promise.resolve(records.flatMap((one) => outcomeOf(one) ?? [])),
  });
  await waitFor(async () => (await admin.committedOffsets('accounts', 'payment.processed'))[PARTITION] === CUT, {
    deadlineMs: 30_000,
    intervalMs: 20,
    what: 'the outcomes to be published',
  });
  await consumer.stop();
}

async function writeBooks(): Promise<void> {
  for (const text of statements) await database.execute({ text });
}

describe('a proof', () => {
  it('finds no difference between honest books and the log', async () => {
    const result = await runProof(stack);
    expect(result.differences).toEqual([]);
    expect(result).toMatchObject({
      accounts: 6,
      payments: 3,
      disputes: 1,
      postings: 5,
      operations: 6,
      records: 8,
      repetitions: 1,
      deadLettered: 1,
    });
    expect([...result.cuts]).toEqual([
      [0, 0n],
      [1, CUT],
    ]);
    expect(isProved(result)).toBe(true);
  });

  it.each(SABOTAGES)('finds a %s in a copy, and leaves the books as they were', async (sabotage) => {
    const before = await database.query({ text: 'SELECT * FROM postings ORDER BY 1, 3, 4' });
    const result = await runProof(stack, { sabotage });
    expect(result.sabotage).toMatchObject({ sabotage, found: true });
    expect(isProved(result)).toBe(true);
    expect(await database.query({ text: 'SELECT * FROM postings ORDER BY 1, 3, 4' })).toEqual(before);
    expect((await runProof(stack)).differenceCount).toBe(0);
  });

  it.each([
    [
      'a balance',
      `UPDATE accounts SET posted = posted % 1 WHERE id = '${WALLET}'`,
      ['balance_wrong', 'currency_sum_not_zero'],
    ],
    ['a hold', `UPDATE accounts SET held = held % 1 WHERE id = '${WALLET}'`, ['balance_wrong']],
    ['an overdraft', `UPDATE accounts SET overdraft = overdraft % 1 WHERE id = '${WALLET}'`, ['balance_wrong']],
    ['a counter', `UPDATE accounts SET spent_count = spent_count % 1 WHERE id = '${WALLET}'`, ['balance_wrong']],
    ['a payment', `UPDATE payments SET refunded = refunded % 1 WHERE captured > 0`, ['payment_wrong']],
    ['a dispute', 'UPDATE disputes SET fee = fee % 1', ['dispute_wrong']],
  ])('finds %s changed in the books themselves', async (_what, change, kinds) => {
    await database.execute({ text: change.replace('%', '+') });
    const result = await runProof(stack);
    await database.execute({ text: change.replace('%', '-') });
    expect(result.differences.map(({ kind }) => kind)).toEqual(kinds);
    expect(isProved(result)).toBe(false);
  });

  it.each([
    ['behind the log', 'UPDATE consumer_offsets SET next_offset = 7', 'books_older_than_published', 7n],
    ['beyond the log', 'UPDATE consumer_offsets SET next_offset = 9', 'books_beyond_log', 8n],
    ['emptied of their offsets', 'UPDATE consumer_offsets SET next_offset = 0', 'books_older_than_published', 0n],
  ])('names books that are %s', async (_what, change, kind, offset) => {
    await database.execute({ text: change });
    const result = await runProof(stack, { inStepDeadlineMs: 100 });
    await database.execute({ text: `UPDATE consumer_offsets SET next_offset = ${CUT}` });
    expect(result.differences).toContainEqual(expect.objectContaining({ kind, partition: PARTITION, offset }));
    expect(isProved(result)).toBe(false);
  });

  it('names a record that accounts have not read, and waits for one they are about to read', async () => {
    const { codec, createPublisher } = log.messaging;
    const publisher = createPublisher();
    const record = { topic: 'payment.processed', partition: 0, key: Buffer.from(CUSTOMER), headers: {} };
    await publisher.publish([{ ...record, value: codec.encode('payment.processed', aPaymentProcessed()) }]);
    await publisher.close();
    const result = await runProof(stack, { inStepDeadlineMs: 100 });
    expect(result.differences).toEqual([
      expect.objectContaining({ kind: 'books_behind_log', partition: 0, offset: 0n, end: 1n }),
    ]);

    const proof = runProof(stack, { inStepDeadlineMs: 1_000 });
    await database.execute({ text: `INSERT INTO consumer_offsets VALUES ('accounts', 'payment.processed', 0, 1)` });
    await expect(proof).rejects.toThrow('has not published what its books hold within 1 s, partition 0 (0 of 1)');
  });
});
