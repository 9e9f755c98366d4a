// Wires the notifier: notifications become e-mails in its table, and a queue sends them at its own pace.
import type { Database } from '@paystream/database';
import { classifyError } from '@paystream/database';
import type { Consumer, Messaging, Publisher } from '@paystream/messaging';
import type { Vault } from '@paystream/personal-data';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer, whenAvailable } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import { createMailServer } from './email/mail-server.ts';
import type { MailServerOptions } from './email/mail-server.ts';
import { createSendEmails } from './email/send-emails.ts';
import type { NotifierMetrics } from './metrics.ts';
import { createNotifierMetrics } from './metrics.ts';
import { createOnCustomerNotification, TOPIC } from './on-customer-notification.ts';
import { migrateQueue, startQueue } from './queue.ts';
import { readJobBacklog } from './store/read-job-backlog.ts';

export const GROUP_ID = 'notifier';

const RECORDS_MAX = 1_000;
/** Nobody waits for an e-mail as for an answer, and what is done once for many e-mails takes no time from those who do. */
const REST_MS = 2_000;

export interface NotifierOptions {
  messaging: Messaging;
  /** The notifier's own database, also by URL for the queue, which keeps connections of its own. */
  database: Database;
  databaseUrl: string;
  /** The gateway's database, through a role that may read the view of contacts and nothing else. */
  contacts: Database;
  vault: Vault;
  mailServer: MailServerOptions;
  metrics: Metrics;
  logger: Logger;
  health: { host: string; port: number };
  /** Aborted when the process is to stop, also while it still starts. */
  signal: AbortSignal;
  /** Called when only a new process can help. */
  onFatal(error: unknown): void;
  /** Shorter in tests only; 10 s by design. */
  poolDeadAfterMs?: number;
  /** Shorter in tests only; 2 s by design. */
  restMs?: number;
}

/**
 * Starts the notifier; while database, brokers or registry are away it waits for them, alive but not ready.
 * @throws when topics or schemas are missing; an AbortError when it is stopped before it has started
 */
export async function startNotifier(options: NotifierOptions): Promise<RunningApp> {
  const { database, metrics, health: address } = options;
  let consumer: Consumer | null = null;
  let isAssigned = false;
  // A mail server that is away makes e-mails late, and the notifier no less ready to take notifications in.
  const isReady = (): boolean =>
    isAssigned && consumer !== null && consumer.healthy() && consumer.stalled().length === 0;
  const isLive = (): boolean => !isAssigned || isReady();
  const notifierMetrics = createNotifierMetrics(metrics, () => readJobBacklog(database));
  const health = await startHealthServer({ ...address, live: isLive, ready: isReady, metrics });
  await migrate(options);
  const sender = await startSender(options, notifierMetrics);
  const publisher = options.messaging.createPublisher();
  consumer = await startConsumer(options, publisher, notifierMetrics);
  void consumer.ready.then(() => (isAssigned = true));
  return {
    ready: isReady,
    info: { health_url: health.url },
    stop: async () => {
      await consumer.stop();
      await sender.stop();
      await publisher.close();
      await health.close();
    },
  };
}

async function migrate({ database, databaseUrl, logger, signal }: NotifierOptions): Promise<void> {
  const bringForward = async () => {
    await database.migrate(new URL('../migrations/', import.meta.url));
    await migrateQueue({ url: databaseUrl, logger });
  };
  const isRetriable = (error: unknown) => classifyError(error) === 'transient';
  await whenAvailable(bringForward, { what: 'the database', logger, signal, isRetriable });
}

async function startSender(options: NotifierOptions, metrics: NotifierMetrics): Promise<{ stop(): Promise<void> }> {
  const { database, contacts, vault, logger, onFatal, poolDeadAfterMs } = options;
  const mailServer = createMailServer(options.mailServer);
  const concurrency = options.mailServer.connectionsMax;
  const queue = await startQueue({
    url: options.databaseUrl,
    database,
    sendEmails: createSendEmails({ database, contacts, vault, mailServer, concurrency, metrics, logger }),
    logger,
    onFatal,
    ...(poolDeadAfterMs === undefined ? {} : { deadAfterMs: poolDeadAfterMs }),
  });
  return {
    stop: async () => {
      await queue.stop();
      mailServer.close();
    },
  };
}

async function startConsumer(
  { messaging, database, logger, signal, restMs = REST_MS }: NotifierOptions,
  publisher: Publisher,
  metrics: NotifierMetrics,
): Promise<Consumer> {
  const { codec } = messaging;
  await whenAvailable(() => codec.connect(), { what: 'the schemas', logger, signal });
  const consume = () =>
    messaging.consumeIntoDatabase({
      groupId: GROUP_ID,
      topic: TOPIC,
      database,
      recordsMax: RECORDS_MAX,
      restMs,
      ...createOnCustomerNotification({ codec, publisher, metrics }),
    });
  return await whenAvailable(consume, { what: TOPIC, logger, signal });
}
