// Wires the notifier: notifications become e-mails in its table, and a queue sends them at its own pace.
import type { Database } from '@paystream/database';
import type { Consumer, Messaging } from '@paystream/messaging';
import type { Vault } from '@paystream/personal-data';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import { createMailServer } from './email/mail-server.ts';
import type { MailServerOptions } from './email/mail-server.ts';
import { createSendEmails } from './email/send-emails.ts';
import { createNotifierMetrics } from './metrics.ts';
import { createOnCustomerNotification, TOPIC } from './on-customer-notification.ts';
import { migrateQueue, startQueue } from './queue.ts';
import { readJobBacklog } from './store/read-job-backlog.ts';

export const GROUP_ID = 'notifier';

const RECORDS_MAX = 1_000;

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
  /** Called when only a new process can help. */
  onFatal(error: unknown): void;
  /** Shorter in tests only; 10 s by design. */
  poolDeadAfterMs?: number;
}

/** @throws when no broker, registry or database answers, or topics and schemas are missing */
export async function startNotifier(options: NotifierOptions): Promise<RunningApp> {
  const { messaging, database, contacts, vault, logger } = options;
  await database.migrate(new URL('../migrations/', import.meta.url));
  await migrateQueue({ url: options.databaseUrl, logger });
  await messaging.codec.connect();
  const metrics = createNotifierMetrics(options.metrics, () => readJobBacklog(database));
  const mailServer = createMailServer(options.mailServer);
  const concurrency = options.mailServer.connectionsMax;
  const queue = await startQueue({
    url: options.databaseUrl,
    database,
    sendEmails: createSendEmails({ database, contacts, vault, mailServer, concurrency, metrics, logger }),
    logger,
    onFatal: options.onFatal,
    ...(options.poolDeadAfterMs === undefined ? {} : { deadAfterMs: options.poolDeadAfterMs }),
  });
  const publisher = messaging.createPublisher();
  const consumer = await messaging.consumeIntoDatabase({
    groupId: GROUP_ID,
    topic: TOPIC,
    database,
    recordsMax: RECORDS_MAX,
    ...createOnCustomerNotification({ codec: messaging.codec, publisher, metrics }),
  });
  const stop = async (): Promise<void> => {
    await consumer.stop();
    await queue.stop();
    mailServer.close();
    await publisher.close();
  };
  return await serveHealth(consumer, { ...options, stop });
}

/** Ready says that notifications are taken in. A mail server that is away makes e-mails late, and the app no less ready. */
async function serveHealth(
  consumer: Consumer,
  { health, metrics, stop }: NotifierOptions & { stop: () => Promise<void> },
): Promise<RunningApp> {
  let isAssigned = false;
  void consumer.ready.then(() => (isAssigned = true));
  const isLive = (): boolean => !isAssigned || consumer.healthy();
  const isReady = (): boolean => isAssigned && consumer.healthy();
  const server = await startHealthServer({ ...health, live: isLive, ready: isReady, metrics });
  return {
    ready: isReady,
    info: { health_url: server.url },
    stop: async () => {
      await stop();
      await server.close();
    },
  };
}
