// Runs the rate feed as a process: environment, connections, signals.
import { fileURLToPath } from 'node:url';
import { kafkaConnection, readConfigOrExit } from '@paystream/config';
import { createMessaging } from '@paystream/messaging';
import { runApp } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { startRates } from './app.ts';
import { configSchema } from './config.ts';
import { createSource } from './source.ts';

const BUNDLED = fileURLToPath(new URL('../../../data/ecb-eurofxref-2026.csv', import.meta.url));
const MS_PER_SECOND = 1_000;

const config = readConfigOrExit(configSchema, process.env);

await runApp({
  name: 'rates',
  logger: createLogger({ name: 'rates', level: config.LOG_LEVEL }),
  start: async ({ logger, signal, fail }) => {
    const metrics = createMetrics({ app: 'rates' });
    const messaging = createMessaging({
      ...kafkaConnection(config),
      clientId: 'rates',
      logger,
      metrics,
      onFatal: fail,
    });
    const app = await startRates({
      ...{ messaging, metrics, logger, signal },
      source: createSource(config.RATES_SOURCE ?? BUNDLED),
      environments: config.RATES_ENVIRONMENTS,
      intervalMs: config.RATES_INTERVAL_SECONDS * MS_PER_SECOND,
      health: { host: config.HEALTH_HOST, port: config.RATES_HEALTH_PORT },
    });
    const stop = async (): Promise<void> => {
      await app.stop();
      await messaging.close();
    };
    return { ...app, stop };
  },
});
