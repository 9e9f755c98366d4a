// Wires accounts: brings the books' schema forward, keeps the books, publishes balances, and shows its health.
import type { Database } from '@paystream/database';
import { classifyError } from '@paystream/database';
import type { Consumer, Messaging } from '@paystream/messaging';
import { partitionOf } from '@paystream/messaging';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer, whenAvailable } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import { createAccountsMetrics } from './metrics.ts';
import { createOnPaymentProcessed } from './on-payment-processed.ts';
import { publishAccountUpdated } from './publish/account-updated.ts';
import { TOPIC } from './read-record.ts';

export const GROUP_ID = 'accounts';
const MIGRATIONS = new URL('../migrations/', import.meta.url);

export interface AccountsOptions {
  messaging: Messaging;
  /** Accounts' own; whoever runs the migrations owns the tables, and may still not edit the books. */
  database: Database;
  metrics: Metrics;
  logger: Logger;
  health: { host: string; port: number };
  /** Aborted when the process is to stop, also while it still starts. */
  signal: AbortSignal;
  /** Records decided in one transaction, at most. */
  batchSizeMax?: number;
}

/** What keeps the books, and what tells others where they stand. */
interface Workers {
  consumer: Consumer;
  balances: { healthy(): boolean; stop(): Promise<void> };
}

/**
 * Starts accounts; while database, brokers or registry are away it waits for them, alive but not ready.
 * @throws when topics or schemas are missing or wrong, or database and log do not belong together; an AbortError when it
 * is stopped before it has started
 */
export async function startAccounts(options: AccountsOptions): Promise<RunningApp> {
  let workers: Workers | null = null;
  let isAssigned = false;
  const isLive = (): boolean =>
    !isAssigned || workers === null || (workers.consumer.healthy() && workers.balances.healthy());
  // A partition that stands still is mended in the database or by a new version; to start again would not help.
  const isReady = (): boolean => isAssigned && isLive() && workers?.consumer.stalled().length === 0;
  const health = await startHealthServer({ ...options.health, live: isLive, ready: isReady, metrics: options.metrics });
  const { consumer, balances } = (workers = await startWorkers(options));
  void consumer.ready.then(() => (isAssigned = true));
  return {
    ready: isReady,
    info: { health_url: health.url },
    stop: async () => {
      await consumer.stop();
      await balances.stop();
      await health.close();
    },
  };
}

async function startWorkers(options: AccountsOptions): Promise<Workers> {
  const { messaging, database, logger, signal } = options;
  const { codec, admin } = messaging;
  const isRetriable = (error: unknown): boolean => classifyError(error) === 'transient';
  await whenAvailable(() => database.migrate(MIGRATIONS), { what: 'the database', logger, signal, isRetriable });
  await whenAvailable(() => codec.connect(), { what: 'the schemas', logger, signal });
  const endOffsets = () => admin.endOffsets('account.updated');
  const { length: shards } = await whenAvailable(endOffsets, { what: 'account.updated', logger, signal });
  const consumer = await whenAvailable(() => consume(options, shards), { what: TOPIC, logger, signal });
  const balances = publishAccountUpdated({
    messaging,
    database,
    owner: consumer,
    groupId: GROUP_ID,
    ownerTopic: TOPIC,
  });
  return { consumer, balances };
}

function consume(options: AccountsOptions, shards: number): Promise<Consumer> {
  const { messaging, database, metrics, logger, batchSizeMax } = options;
  return messaging.consumeIntoDatabase({
    groupId: GROUP_ID,
    topic: TOPIC,
    database,
    publishOutgoing: true,
    ...(batchSizeMax === undefined ? {} : { recordsMax: batchSizeMax }),
    ...createOnPaymentProcessed({
      codec: messaging.codec,
      metrics: createAccountsMetrics(metrics),
      logger,
      shardOf: (accountId) => partitionOf(Buffer.from(accountId), shards),
    }),
  });
}
