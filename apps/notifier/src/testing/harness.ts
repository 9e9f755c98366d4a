// Gives the notifier's tests topics, databases, contacts and a mail server of their own, and instances to start and kill.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Database } from '@paystream/database';
import { createDatabase } from '@paystream/database';
import type { IncomingRecord, Messaging, OutgoingRecord } from '@paystream/messaging';
import { deadLetterTopic } from '@paystream/messaging';
import { MASTER_KEY_BYTES, createVault } from '@paystream/personal-data';
import type { RunningApp } from '@paystream/runtime';
import { waitFor } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { createTestDatabase, createTestMessaging, testServices } from '@paystream/testkit';
import type { CustomerNotification } from '@paystream/topics';
import { GROUP_ID, startNotifier } from '../app.ts';
import { TOPIC } from '../on-customer-notification.ts';
import type { TestMailServer } from './test-mail-server.ts';
import { startTestMailServer } from './test-mail-server.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const DEADLINE_MS = 40_000;
/** So that a test of a killed process does not wait as long as life does. */
const POOL_DEAD_AFTER_MS = 2_000;
/** So that a test of many steps does not wait two seconds for each. */
const REST_MS = 100;
/** How many e-mails an instance hands over at once. */
export const CONNECTIONS_MAX = 4;

/** The gateway's view, as far as the notifier sees it: apps do not import apps, so its table is made here. */
const CONTACTS_SQL = `CREATE TABLE contacts (
  customer_uuid uuid PRIMARY KEY, customer_id text NOT NULL, environment text NOT NULL,
  email_sealed bytea, name_sealed bytea, key_sealed bytea)`;

export interface EmailRow {
  notification_id: string;
  status: string;
  reason: string | null;
}

export interface Harness {
  messaging: Messaging;
  mailServer: TestMailServer;
  /** Every line any in-process instance has logged, at every level. */
  logLines: readonly string[];
  deadLetters: readonly IncomingRecord[];
  database: Database;
  addContact(contact: { customerId: string; email: string | null; name: string | null }): Promise<void>;
  /** Changes one byte of what is sealed. */
  damageContact(customerId: string): Promise<void>;
  notify(events: readonly CustomerNotification[]): Promise<void>;
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** All rows of this status. */
  rowsOf(status: string): Promise<EmailRow[]>;
  /** Resolves to the rows of these notifications once each has the status. */
  untilAll(events: readonly CustomerNotification[], status: string): Promise<EmailRow[]>;
  /** Resolves when nothing is left to read. */
  untilRead(): Promise<void>;
  startInstance(): Promise<RunningApp>;
  /** An instance as a process of its own. */
  spawnInstance(environment: NodeJS.ProcessEnv): ChildProcess;
  close(): Promise<void>;
}

export async function createHarness(): Promise<Harness> {
  const { messaging, topicPrefix, close } = await createTestMessaging();
  const [own, gateways] = [await createTestDatabase(), await createTestDatabase()];
  const mailServer = await startTestMailServer();
  const masterKey = randomBytes(MASTER_KEY_BYTES);
  const vault = createVault(masterKey);
  const logLines: string[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'trace',
    destination: { write: (line) => void logLines.push(line) },
  });
  const database = createDatabase({ url: own.url, name: 'notifier', logger });
  const contacts = createDatabase({ url: gateways.url, name: 'contacts', logger });
  await contacts.execute({ text: CONTACTS_SQL });
  const publisher = messaging.createPublisher();
  const deadLetters: IncomingRecord[] = [];
  const follower = await messaging.follow({
    topics: [deadLetterTopic(TOPIC, GROUP_ID)],
    from: 'earliest',
    onRecords: (records) => Promise.resolve(void deadLetters.push(...records)),
  });
  const instances = new Set<RunningApp>();
  const children: ChildProcess[] = [];
  const clients: { close(): Promise<void> }[] = [];
  const publish = async (records: readonly OutgoingRecord[]): Promise<void> => void (await publisher.publish(records));

  return {
    messaging,
    mailServer,
    logLines,
    deadLetters,
    database,
    publish,
    addContact: async ({ customerId, email, name }) => {
      const { sealedKey } = vault.newCustomerKey();
      const sealed = (text: string | null) => (text === null ? null : vault.seal(sealedKey, text));
      await contacts.execute({
        text: `INSERT INTO contacts VALUES ($1, $2, 'test', $3, $4, $5)`,
        values: [customerId.slice('cus_'.length), customerId, sealed(email), sealed(name), sealedKey],
      });
    },
    damageContact: async (customerId) => {
      await contacts.execute({
        text: `UPDATE contacts SET email_sealed = set_byte(email_sealed, 30, get_byte(email_sealed, 30) # 1)
                WHERE customer_id = $1`,
        values: [customerId],
      });
    },
    notify: (events) => publish(events.map((event) => toRecord(event, messaging))),
    rowsOf: (status) =>
      database.query<EmailRow>({
        text: 'SELECT notification_id, status, reason FROM emails WHERE status = $1',
        values: [status],
      }),
    untilAll: (events, status) => untilAll(database, events, status),
    untilRead: async () => {
      const isRead = async () => (await messaging.admin.lag(GROUP_ID, TOPIC)).every((lag) => lag === 0n);
      await waitFor(isRead, { what: 'the notifier to have read everything', deadlineMs: DEADLINE_MS });
    },
    startInstance: async () => {
      const joined = await createTestMessaging({ topicPrefix });
      const app = await startNotifier({
        messaging: joined.messaging,
        database,
        databaseUrl: own.url,
        contacts,
        vault,
        mailServer: {
          url: mailServer.url,
          from: 'Test <no-reply@test.example>',
          emailsPerSecondMax: 500,
          connectionsMax: CONNECTIONS_MAX,
        },
        metrics: createMetrics({ app: 'notifier' }),
        logger,
        health: { host: '127.0.0.1', port: 0 },
        signal: new AbortController().signal,
        onFatal: (error) => logger.fatal({ err: error }, 'fatal'),
        poolDeadAfterMs: POOL_DEAD_AFTER_MS,
        restMs: REST_MS,
      });
      clients.push(joined);
      await waitFor(() => app.ready(), { what: 'the notifier to be ready', deadlineMs: DEADLINE_MS });
      const instance: RunningApp = {
        ...app,
        stop: async () => {
          if (instances.delete(instance)) await app.stop();
        },
      };
      instances.add(instance);
      return instance;
    },
    spawnInstance: (environment) => {
      const services = testServices();
      const child = fork(MAIN, {
        execArgv: [],
        env: {
          ...process.env,
          KAFKA_BROKERS: services.kafkaBrokers,
          SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
          KAFKA_TOPIC_PREFIX: topicPrefix,
          NOTIFIER_DATABASE_URL: own.url,
          CONTACTS_DATABASE_URL: gateways.url,
          PERSONAL_DATA_KEY: masterKey.toString('base64'),
          SMTP_URL: mailServer.url,
          MAIL_FROM: 'Test <no-reply@test.example>',
          LOG_LEVEL: 'warn',
          ...environment,
        },
      });
      children.push(child);
      return child;
    },
    close: async () => {
      for (const child of children) await end(child);
      for (const instance of instances) await instance.stop();
      for (const client of clients) await client.close();
      await follower.stop();
      await publisher.close();
      await mailServer.close();
      await Promise.all([database.close(), contacts.close()]);
      await Promise.all([own.drop(), gateways.drop()]);
      await close();
    },
  };
}

/** A notification as accounts publishes it. */
export function toRecord(event: CustomerNotification, { codec }: Messaging): OutgoingRecord {
  return {
    topic: TOPIC,
    partition: null,
    key: Buffer.from(event.customerId),
    value: codec.encode(TOPIC, event),
    headers: {},
  };
}

async function untilAll(
  database: Database,
  events: readonly CustomerNotification[],
  status: string,
): Promise<EmailRow[]> {
  const ids = events.map((event) => event.notificationId);
  const rows = async () => {
    const found = await database.query<EmailRow>({
      text: 'SELECT notification_id, status, reason FROM emails WHERE notification_id = ANY ($1::text[])',
      values: [ids],
    });
    return found.length === ids.length && found.every((row) => row.status === status) ? found : null;
  };
  return await waitFor(rows, { what: `${ids.length} e-mails to be ${status}`, deadlineMs: DEADLINE_MS });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
