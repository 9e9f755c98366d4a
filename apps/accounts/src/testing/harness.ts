// Gives accounts' tests topics and a database of their own: feeds payment.processed, and collects what comes out.
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Database } from '@paystream/database';
import { createDatabase } from '@paystream/database';
import type { IncomingRecord, Messaging, OutgoingRecord } from '@paystream/messaging';
import { deadLetterTopic } from '@paystream/messaging';
import { keyOfOperation } from '@paystream/payments';
import type { RunningApp } from '@paystream/runtime';
import { waitFor } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase, createTestMessaging, testServices } from '@paystream/testkit';
import type {
  AccountUpdated,
  CustomerNotification,
  PaymentProcessed,
  PaymentProgressed,
  PaymentSettled,
  TopicName,
  TopicValues,
} from '@paystream/topics';
import { GROUP_ID, startAccounts } from '../app.ts';
import { TOPIC } from '../read-record.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const DEAD_LETTERS = deadLetterTopic(TOPIC, GROUP_ID);
const DEADLINE_MS = 45_000;

/** What was committed to one topic so far, in the order of each partition. */
export interface Read<T> {
  record: IncomingRecord;
  value: T;
}

export interface Harness {
  messaging: Messaging;
  topicPrefix: string;
  /** The accounts database; its schema is there once an instance has started. */
  database: Database;
  databaseUrl: string;
  settled: readonly Read<PaymentSettled>[];
  progressed: readonly Read<PaymentProgressed>[];
  notifications: readonly Read<CustomerNotification>[];
  deadLetters: readonly IncomingRecord[];
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  process(events: readonly PaymentProcessed[]): Promise<void>;
  /** Resolves when everything on payment.processed is applied and published, and all of it was read here. */
  untilDone(): Promise<void>;
  /** Of every account the highest version on account.updated so far. */
  publishedAccounts(): Promise<Map<string, AccountUpdated>>;
  /** One more instance of accounts, in this process. */
  startInstance(options?: { batchSizeMax?: number }): Promise<RunningApp>;
  /** An instance in a process of its own that kills itself at a fault point; resolves with the signal that ended it. */
  runUntilKilled(faultPoint: string, options?: { skip?: number }): Promise<string | null>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  partitions: number;
  /** Keeps the books of another harness, over new topics. */
  testDatabase?: TestDatabase;
}

export async function createHarness({ partitions, ...given }: HarnessOptions): Promise<Harness> {
  const { messaging, topicPrefix, fatalErrors, close } = await createTestMessaging({ partitions });
  const testDatabase = given.testDatabase ?? (await createTestDatabase());
  const database = openDatabase(testDatabase.url, 'test');
  const publisher = messaging.createPublisher();
  const settled: Read<PaymentSettled>[] = [];
  const progressed: Read<PaymentProgressed>[] = [];
  const notifications: Read<CustomerNotification>[] = [];
  const deadLetters: IncomingRecord[] = [];
  const stops: (() => Promise<void>)[] = [];

  const collect = async (records: IncomingRecord[]): Promise<void> => {
    for (const record of records) {
      if (record.topic === DEAD_LETTERS) deadLetters.push(record);
      else if (record.topic === 'payment.settled') settled.push(await read('payment.settled', record));
      else if (record.topic === 'payment.progressed') progressed.push(await read('payment.progressed', record));
      else notifications.push(await read('customer.notification', record));
    }
  };
  const read = async <T extends TopicName>(topic: T, record: IncomingRecord): Promise<Read<TopicValues[T]>> => {
    await messaging.codec.prepare(topic, [record]);
    const decoded = messaging.codec.decode(topic, record.value);
    if (!decoded.ok) throw new Error(`${topic} cannot be read: ${decoded.reason}`);
    return { record, value: decoded.value };
  };
  const outputs = ['payment.settled', 'payment.progressed', 'customer.notification', DEAD_LETTERS];
  const follower = await messaging.follow({ topics: outputs, from: 'earliest', onRecords: collect });
  const publish = async (records: readonly OutgoingRecord[]): Promise<void> => void (await publisher.publish(records));

  const isAllPublished = async (): Promise<boolean> => {
    if (fatalErrors.length > 0) throw fatalErrors[0];
    return (await messaging.admin.lag(GROUP_ID, TOPIC)).every((lag) => lag === 0n);
  };
  const countOutputs = async (): Promise<number> => {
    let count = 0;
    for (const topic of outputs) for await (const records of readAll(messaging, topic)) count += records.length;
    return count;
  };
  const publishedAccounts = async (): Promise<Map<string, AccountUpdated>> => {
    const newest = new Map<string, AccountUpdated>();
    for await (const records of readAll(messaging, 'account.updated')) {
      for (const record of records) {
        const { value } = await read('account.updated', record);
        if (value.version > (newest.get(value.accountId)?.version ?? 0n)) newest.set(value.accountId, value);
      }
    }
    return newest;
  };

  return {
    messaging,
    topicPrefix,
    database,
    databaseUrl: testDatabase.url,
    settled,
    progressed,
    notifications,
    deadLetters,
    publishedAccounts,
    publish,
    process: (events) => publish(events.map((event) => toRecord(event, messaging))),
    untilDone: async () => {
      await waitFor(isAllPublished, { what: 'accounts to publish everything', deadlineMs: DEADLINE_MS });
      const expected = await countOutputs();
      const lists = [settled, progressed, notifications, deadLetters];
      const isAllRead = () => lists.reduce((count, list) => count + list.length, 0) >= expected;
      await waitFor(isAllRead, { what: `${expected} records to be read`, deadlineMs: DEADLINE_MS });
    },
    startInstance: async (options = {}) => {
      const own = await createTestMessaging({ topicPrefix });
      const ownDatabase = openDatabase(testDatabase.url, 'accounts');
      const logger = createLogger({ name: 'accounts', level: 'fatal' });
      const metrics = createMetrics({ app: 'accounts' });
      const health = { host: '127.0.0.1', port: 0 };
      const app = await startAccounts({
        messaging: own.messaging,
        database: ownDatabase,
        metrics,
        logger,
        health,
        signal: new AbortController().signal,
        ...options,
      });
      let stopped: Promise<void> | null = null;
      const stop = (): Promise<void> => (stopped ??= stopAll());
      const stopAll = async (): Promise<void> => {
        await app.stop();
        await own.close();
        await ownDatabase.close();
      };
      stops.push(stop);
      await waitFor(() => app.ready(), { what: 'accounts to be ready', deadlineMs: DEADLINE_MS });
      return { ...app, stop };
    },
    runUntilKilled: (faultPoint, { skip = 0 } = {}) =>
      runUntilKilled({
        KAFKA_TOPIC_PREFIX: topicPrefix,
        ACCOUNTS_DATABASE_URL: testDatabase.url,
        FAULTS: '1',
        FAULT_POINT: faultPoint,
        FAULT_SKIP: `${skip}`,
      }),
    close: async () => {
      for (const stop of stops) await stop();
      await follower.stop();
      await publisher.close();
      await close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

/** An event as the processor publishes it, with the trail that has to reach what comes of it. */
export function toRecord(event: PaymentProcessed, { codec }: Messaging): OutgoingRecord {
  return {
    topic: TOPIC,
    partition: null,
    key: Buffer.from(keyOfOperation(event)),
    value: codec.encode(TOPIC, event),
    headers: {
      ce_id: `${event.operationId}.${TOPIC}.${event.pass}`,
      correlation_id: `request-of-${event.operationId}`,
    },
  };
}

function openDatabase(url: string, name: string): Database {
  return createDatabase({
    url,
    name,
    logger: createLogger({ name, level: 'fatal' }),
    pipelined: true,
    keptPlans: true,
  });
}

/** (operation id/pass) of everything that was decided, sorted; one that was decided twice is there twice. */
export function decidedIn({ settled, progressed }: Pick<Harness, 'settled' | 'progressed'>): string[] {
  // By what caused each: a report that ends a pay-out settles in the pay-out's name.
  const ids = [...settled, ...progressed].map(({ record }) => `${record.headers['causation_id']}`);
  return ids.map((id) => id.replace(`.${TOPIC}.`, '/')).toSorted();
}

/** All that is committed to a topic now, partition by partition. */
async function* readAll(messaging: Messaging, topic: string): AsyncIterable<IncomingRecord[]> {
  const ends = await messaging.admin.endOffsets(topic);
  for (const [partition, before] of ends.entries()) yield* messaging.readRange({ topic, partition, from: 0n, before });
}

async function runUntilKilled(environment: Record<string, string>): Promise<string | null> {
  const services = testServices();
  const child = spawn(process.execPath, [MAIN], {
    stdio: 'ignore',
    env: {
      ...process.env,
      KAFKA_BROKERS: services.kafkaBrokers,
      SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
      ...environment,
    },
  });
  // once() of an exit gives its code and its signal.
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}
