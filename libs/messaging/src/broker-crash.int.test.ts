// Kills a broker of its own with -9 in the midst of work: nothing acknowledged is lost and nothing is transformed twice.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '@paystream/runtime';
import type { Services, StackFolder } from '@paystream/stack';
import { openStackFolder, startServices } from '@paystream/stack';
import { createPublisher } from './publisher.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, texts } from './testing/scratch-topics.ts';
import { transformInTransactions } from './transform-in-transactions.ts';

const CACHE_FOLDER = fileURLToPath(new URL('../../../.paystream/cache', import.meta.url));
const START_TIMEOUT_MS = 180_000;

const path = mkdtempSync(join(tmpdir(), 'paystream-broker-'));
let folder: StackFolder;
let services: Services;
let topics: ScratchTopics;

beforeAll(async () => {
  folder = await openStackFolder({ path, log: () => undefined });
  services = await startServices({
    folder,
    cacheFolder: CACHE_FOLDER,
    environment: { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME, MAVEN_HOME: process.env.MAVEN_HOME },
    ports: 'any',
    log: () => undefined,
    onRestart: () => undefined,
    signal: new AbortController().signal,
  });
  topics = createScratchTopics({ ...services, postgresUrl: '' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await topics.close();
  await services.stop();
  folder.release();
  rmSync(path, { recursive: true, force: true });
}, START_TIMEOUT_MS);

it('survives kill -9 of the broker', { timeout: 120_000 }, async () => {
  await topics.create({ asked: 2, answered: 2 });
  const { context } = topics;
  const publisher = createPublisher(context);
  const consumer = await transformInTransactions(context, {
    groupId: 'copier',
    topics: ['asked'],
    transform: (batch) => Promise.resolve(batch.records.map((record) => ({ ...record, topic: 'answered' }))),
  });
  const acknowledged: string[] = [];
  const publishUntilTaken = async (text: string) => {
    await waitFor(
      () =>
        publisher.publish([aRecord('asked', 0, text), aRecord('asked', 1, text)]).then(
          () => true,
          () => false,
        ),
      {
        what: `${text} to be taken`,
        deadlineMs: 60_000,
      },
    );
    acknowledged.push(text);
  };
  for (let count = 0; count < 100; count++) await publishUntilTaken(`before-${count}`);
  const { kafka: pid } = services.pids;
  if (pid === undefined) throw new Error('this test needs a broker that is a process of this machine: Java and Maven');
  process.kill(pid, 'SIGKILL');
  // The stack starts it again at the same address.
  for (let count = 0; count < 100; count++) await publishUntilTaken(`after-${count}`);
  await waitFor(async () => (await topics.readAll('answered')).length >= (await topics.readAll('asked')).length, {
    what: 'everything to be answered',
    deadlineMs: 40_000,
  });
  await consumer.stop();
  await publisher.close();
  const asked = texts(await topics.readAll('asked'));
  expect(texts(await topics.readAll('answered'))).toEqual(asked);
  expect(acknowledged.filter((text) => asked.filter((other) => other === text).length < 2)).toEqual([]);
  expect(topics.fatalErrors).toEqual([]);
});
