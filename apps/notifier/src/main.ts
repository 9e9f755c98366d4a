// Runs the notifier as a process: environment, connections, signals.
import { kafkaConnection, readConfigOrExit } from '@paystream/config';
import { createDatabase } from '@paystream/database';
import { createMessaging } from '@paystream/messaging';
import { createVault } from '@paystream/personal-data';
import { runApp } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { startNotifier } from './app.ts';
import { configSchema } from './config.ts';
import { yieldToPayments } from './yield-to-payments.ts';

const POOL_SIZE_MAX = 8;
const CONTACTS_POOL_SIZE_MAX = 2;

const config = readConfigOrExit(configSchema, process.env);

await runApp({
  name: 'notifier',
  logger: createLogger({ name: 'notifier', level: config.LOG_LEVEL }),
  start: async ({ logger, signal, fail }) => {
    yieldToPayments();
    const metrics = createMetrics({ app: 'notifier' });
    const connection = kafkaConnection(config);
    const messaging = createMessaging({ ...connection, clientId: 'notifier', logger, metrics, onFatal: fail });
    const databaseUrl = config.NOTIFIER_DATABASE_URL;
    const database = createDatabase({
      url: databaseUrl,
      name: 'notifier',
      logger,
      poolSizeMax: POOL_SIZE_MAX,
      keptPlans: true,
    });
    const contacts = createDatabase({
      url: config.CONTACTS_DATABASE_URL,
      name: 'contacts',
      logger,
      poolSizeMax: CONTACTS_POOL_SIZE_MAX,
      keptPlans: true,
    });
    const app = await startNotifier({
      messaging,
      database,
      databaseUrl,
      contacts,
      vault: createVault(Buffer.from(config.PERSONAL_DATA_KEY, 'base64')),
      mailServer: {
        url: config.SMTP_URL,
        from: config.MAIL_FROM,
        emailsPerSecondMax: config.NOTIFIER_EMAILS_PER_SECOND_MAX,
        connectionsMax: config.NOTIFIER_SMTP_CONNECTIONS_MAX,
      },
      metrics,
      logger,
      health: { host: config.HEALTH_HOST, port: config.NOTIFIER_HEALTH_PORT },
      signal,
      onFatal: fail,
    });
    const stop = async (): Promise<void> => {
      await app.stop();
      await messaging.close();
      await Promise.all([database.close(), contacts.close()]);
    };
    return { ...app, stop };
  },
});
