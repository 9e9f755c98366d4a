// Wires accounts together: the books' schema, the consumer that keeps them, the publisher of balances, and their health.
import type { Database } from '@paystream/database';
import type { Consumer, Messaging, ShardPublisher } from '@paystream/messaging';
import { partitionOf } from '@paystream/messaging';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import { createAccountsMetrics } from './metrics.ts';
import { createOnPaymentProcessed } from './on-payment-processed.ts';
import { publishAccountUpdated } from './publish/account-updated.ts';
import { TOPIC } from './read-record.ts';

export const GROUP_ID = 'accounts';
const MIGRATIONS = new URL('../migrations/', import.meta.url);

export interface AccountsOptions {
  messaging: Messaging;
  database: Database;
  metrics: Metrics;
  logger: Logger;
  health: { host: string; port: number };
  /** Records decided in one transaction, at most. */
  batchSizeMax?: number;
}

/**
 * Starts accounts: brings the schema forward, then consumes.
 * @throws when database, broker or registry do not answer, topics or schemas are missing, or database and log do not
 * belong together
 */
export async function startAccounts(options: AccountsOptions): Promise<RunningApp> {
  const { messaging, database, batchSizeMax } = options;
  await database.migrate(MIGRATIONS);
  await messaging.codec.connect();
  const shards = (await messaging.admin.endOffsets('account.updated')).length;
  const consumer = await messaging.consumeIntoDatabase({
    groupId: GROUP_ID,
    topic: TOPIC,
    database,
    publishOutgoing: true,
    ...(batchSizeMax === undefined ? {} : { recordsMax: batchSizeMax }),
    ...createOnPaymentProcessed({
      codec: messaging.codec,
      metrics: createAccountsMetrics(options.metrics),
      shardOf: (accountId) => partitionOf(Buffer.from(accountId), shards),
    }),
  });
  const balances = publishAccountUpdated({
    messaging,
    database,
    owner: consumer,
    groupId: GROUP_ID,
    ownerTopic: TOPIC,
  });
  return await serveHealth({ consumer, balances }, options);
}

interface Running {
  consumer: Consumer;
  balances: ShardPublisher;
}

async function serveHealth(
  { consumer, balances }: Running,
  { health: address, metrics }: AccountsOptions,
): Promise<RunningApp> {
  let isAssigned = false;
  void consumer.ready.then(() => (isAssigned = true));
  const isLive = (): boolean => !isAssigned || (consumer.healthy() && balances.healthy());
  const isReady = (): boolean => isAssigned && isLive();
  const health = await startHealthServer({ ...address, live: isLive, ready: isReady, metrics });
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
