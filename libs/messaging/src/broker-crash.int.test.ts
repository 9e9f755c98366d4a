// Kills a broker of its own with -9 in the midst of work: nothing acknowledged is lost, and from a table nothing is published twice.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '@paystream/runtime';
import type { Database } from '@paystream/database';
import { CONSUMER_OFFSETS_SQL, OUTGOING_EVENTS_SQL, createDatabase, insertOutgoing } from '@paystream/database';
import type { Services, StackFolder } from '@paystream/stack';
import { openStackFolder, startServices } from '@paystream/stack';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase } from '@paystream/testkit';
import { inTransaction } from './applying.ts';
import { consumeIntoDatabase } from './consume-into-database.ts';
import { consumeIntoTopics } from './consume-into-topics.ts';
import { createPublisher } from './publisher.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, firsts, texts } from './testing/scratch-topics.ts';

const CACHE_FOLDER = fileURLToPath(new URL('../../../.paystream/cache', import.meta.url));
const START_TIMEOUT_MS = 180_000;

const path = mkdtempSync(join(tmpdir(), 'paystream-broker-'));
let folder: StackFolder;
let services: Services;
let topics: ScratchTopics;
let testDatabase: TestDatabase;
let database: Database;

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
  testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'messaging-test', level: 'silent' });
  database = createDatabase({ url: testDatabase.url, name: 'messaging-test', logger });
  await database.query({ text: `${CONSUMER_OFFSETS_SQL} ${OUTGOING_EVENTS_SQL}` });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
  await topics.close();
  await services.stop();
  folder.release();
  rmSync(path, { recursive: true, force: true });
}, START_TIMEOUT_MS);

it('survives kill -9 of the broker', { timeout: 120_000 }, async () => {
  await topics.create({ asked: 2, answered: 2, settled: 2 });
  const { context } = topics;
  const publisher = createPublisher(context);
  const consumer = await consumeIntoTopics(context, {
    groupId: 'copier',
    topics: ['asked'],
    transform: (batch) => Promise.resolve(batch.records.map((record) => ({ ...record, topic: 'answered' }))),
  });
  const sequencer = await consumeIntoDatabase(context, {
    groupId: 'sequencer',
    topic: 'asked',
    database,
    publishOutgoing: true,
    outputTopics: ['settled'],
    apply: inTransaction(async ({ partition, records }, transaction) => {
      const events = records.map((one) => ({ ...one, topic: 'settled', sourceOffset: one.offset, index: 0 }));
      await insertOutgoing(transaction, { inputTopic: 'asked', inputPartition: partition, events });
      return events;
    }),
    applyPoison: (_record, error) => {
      throw new Error('no record here is poison', { cause: error });
    },
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
  await waitFor(
    async () => {
      const [inputs, outputs] = [await topics.readAll('asked'), await topics.readAll('answered')];
      const isSettled = (await topics.readAll('settled')).length >= inputs.length;
      return isSettled && firsts(outputs).length >= firsts(inputs).length;
    },
    { what: 'everything to be answered and settled', deadlineMs: 40_000 },
  );
  await consumer.stop();
  await sequencer.stop();
  await publisher.close();
  const records = await topics.readAll('asked');
  const asked = texts(records);
  expect(texts(await topics.readAll('settled'))).toEqual(asked);
  expect(texts(firsts(await topics.readAll('answered')))).toEqual(texts(firsts(records)));
  expect(acknowledged.filter((text) => asked.filter((other) => other === text).length < 2)).toEqual([]);
  expect(topics.fatalErrors).toEqual([]);
});
