// Checks that the contracts' topics are created as they say, and that a changed partition count is refused.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestMessaging } from '@paystream/testkit';
import { createTestMessaging } from '@paystream/testkit';
import { openFencedProducer } from './fenced-producer.ts';
import { createScratchTopics } from './testing/scratch-topics.ts';
import { plannedTopics } from './topic-contracts.ts';

let first: TestMessaging;
beforeAll(async () => {
  first = await createTestMessaging({ partitions: 2 });
});
afterAll(async () => {
  await first.messaging.admin.deleteTopics();
  await first.close();
});

it('creates every topic and its readers’ dead letters, once', async () => {
  const { admin } = first.messaging;
  const planned = plannedTopics(2).map(({ name }) => name);
  expect((await admin.topics()).toSorted()).toEqual(planned.toSorted());
  expect(planned).toContain('payment.processed.accounts.dlq');
  const again = await admin.applyContracts({ paymentPartitions: 2 });
  expect(again.created).toEqual([]);
  expect(await admin.endOffsets('payment.requested')).toEqual([0n, 0n]);
});

it('refuses another number of partitions with a sentence that says what to do', async () => {
  const applying = first.messaging.admin.applyContracts({ paymentPartitions: 3 });
  await expect(applying).rejects.toThrow(/has 2 partitions, but 3 are configured.*KAFKA_PAYMENT_PARTITIONS=2/s);
});

it('counts as lag what can be read, and not the markers of transactions', async () => {
  const { messaging } = first;
  const scratch = createScratchTopics();
  const producer = await openFencedProducer(scratch.context.settings, `${first.topicPrefix}writer`);
  const place = { topic: `${first.topicPrefix}payment.processed`, partition: 0 };
  const record = { ...place, key: null, value: Buffer.from('anything'), headers: {} };
  await producer.transact([record, record, record], null);
  await producer.close();
  await scratch.close();
  expect(await messaging.admin.lag('nobody', 'payment.processed')).toEqual([3n, 0n]);
  const reader = await messaging.consumeIntoTopics({
    groupId: 'reader',
    topics: ['payment.processed'],
    transform: () => Promise.resolve([]),
  });
  await expect.poll(() => messaging.admin.lag('reader', 'payment.processed'), { timeout: 10_000 }).toEqual([0n, 0n]);
  // Three records and a marker.
  expect(await messaging.admin.endOffsets('payment.processed')).toEqual([4n, 0n]);
  await reader.stop();
  expect(await messaging.admin.health()).toBe(true);
});
