// Checks what a member of a group costs at rest and what it does when it can never go on.
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '@paystream/runtime';
import { consumeIntoTopics } from './consume-into-topics.ts';
import { kafkajs } from './kafkajs-patches.ts';
import { createPublisher } from './publisher.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics } from './testing/scratch-topics.ts';
import { snappyLiteral } from './testing/snappy.ts';

let topics: ScratchTopics;
beforeAll(() => {
  topics = createScratchTopics();
});
afterAll(() => topics.close());

it('does not wake the process when there is nothing to do', async () => {
  await topics.create({ idle: 1 });
  const publishers = Array.from({ length: 3 }, () => createPublisher(topics.context));
  await Promise.all(publishers.map((publisher) => publisher.publish([aRecord('idle', 0, 'once')])));
  const loops = () => performance.nodeTiming.uvMetricsInfo.loopCount;
  // Wake-ups in a second of rest are the subject, after the last answers have been read.
  await wait(100);
  const before = loops();
  // As above.
  await wait(1_000);
  const wakeUps = loops() - before;
  await Promise.all(publishers.map((publisher) => publisher.close()));
  // As shipped kafkajs wakes for each connection every millisecond: 800 times a second here, with rounds shared. What is
  // left are its checks of request timeouts, ten a second for each connection.
  expect(wakeUps).toBeLessThan(400);
});

it('reports as fatal what stops the consumer for good', async () => {
  const groupId = `group-${randomUUID()}`;
  await topics.create({ unreadable: 1 });
  await sendSnappy('unreadable');
  const consumer = await consumeIntoTopics(topics.context, {
    groupId,
    topics: ['unreadable'],
    transform: () => Promise.resolve([]),
  });
  await waitFor(() => topics.fatalErrors.some(({ message }) => message.includes(groupId)), { what: 'a fatal error' });
  expect(consumer.healthy()).toBe(false);
  await consumer.stop();
});

it('refuses to consume a topic that does not exist', async () => {
  const starting = consumeIntoTopics(topics.context, {
    groupId: `group-${randomUUID()}`,
    topics: ['nowhere'],
    transform: () => Promise.resolve([]),
  });
  await expect(starting).rejects.toThrow(/nowhere/);
});

it('joins and stops quickly, and its partitions go to the member that is left', async () => {
  await topics.create({ shared: 4 });
  const options = { groupId: `group-${randomUUID()}`, topics: ['shared'], transform: () => Promise.resolve([]) };
  const first = await consumeIntoTopics(topics.context, options);
  await first.ready;
  const second = await consumeIntoTopics(topics.context, options);
  const owned = (consumer: typeof first) => consumer.assignment().partitions.get('shared')?.length;
  await waitFor(() => owned(first) === 2 && owned(second) === 2, { what: 'both to own two', deadlineMs: 5_000 });
  const stoppedAtMs = performance.now();
  await second.stop();
  expect(performance.now() - stoppedAtMs).toBeLessThan(3_000);
  await waitFor(() => owned(first) === 4, { what: 'the first to own all', deadlineMs: 3_000 });
  await first.stop();
});

/** A batch in a codec that no client of ours reads; real topics are set up so that the broker stores it otherwise. */
async function sendSnappy(topic: string): Promise<void> {
  const { Snappy } = kafkajs.CompressionTypes;
  const unknown = kafkajs.CompressionCodecs[Snappy];
  kafkajs.CompressionCodecs[Snappy] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(snappyLiteral(buffer)),
    decompress: () => Promise.reject(new Error('only written here')),
  });
  try {
    const kafka = new kafkajs.Kafka({
      brokers: [...topics.context.settings.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const messages = [{ value: Buffer.alloc(300, 1), partition: 0 }];
    await producer.send({ topic: topics.context.names.topic(topic), compression: Snappy, messages });
    await producer.disconnect();
  } finally {
    kafkajs.CompressionCodecs[Snappy] = unknown;
  }
}
