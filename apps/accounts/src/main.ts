// Runs accounts as a process: environment, connections, signals.
import { kafkaConnection, readConfigOrExit } from '@paystream/config';
import { createDatabase } from '@paystream/database';
import { createMessaging } from '@paystream/messaging';
import { runApp } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { startAccounts } from './app.ts';
import { configSchema } from './config.ts';

const config = readConfigOrExit(configSchema, process.env);

await runApp({
  name: 'accounts',
  logger: createLogger({ name: 'accounts', level: config.LOG_LEVEL }),
  start: async ({ logger, signal, fail }) => {
    const metrics = createMetrics({ app: 'accounts' });
    const messaging = createMessaging({
      ...kafkaConnection(config),
      clientId: 'accounts',
      logger,
      metrics,
      onFatal: fail,
    });
    const database = createDatabase({
      url: config.ACCOUNTS_DATABASE_URL,
      name: 'accounts',
      logger,
      poolSizeMax: config.ACCOUNTS_DATABASE_POOL_SIZE_MAX,
      pipelined: true,
      keptPlans: true,
    });
    const app = await startAccounts({
      messaging,
      database,
      metrics,
      logger,
      health: { host: config.HEALTH_HOST, port: config.ACCOUNTS_HEALTH_PORT },
      signal,
      batchSizeMax: config.ACCOUNTS_BATCH_SIZE_MAX,
    });
    const stop = async (): Promise<void> => {
      await app.stop();
      await messaging.close();
      await database.close();
    };
    return { ...app, stop };
  },
});
