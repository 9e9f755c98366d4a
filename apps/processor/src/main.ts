// Runs the processor as a process: environment, connections, signals.
import { kafkaConnection, readConfigOrExit } from '@paystream/config';
import { createMessaging } from '@paystream/messaging';
import { runApp } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { startProcessor } from './app.ts';
import { configSchema } from './config.ts';
import { loadScreeningOrExit } from './load-screening.ts';

const config = readConfigOrExit(configSchema, process.env);
const screening = await loadScreeningOrExit(config.PROCESSOR_SCREENING_MODULE);

await runApp({
  name: 'processor',
  logger: createLogger({ name: 'processor', level: config.LOG_LEVEL }),
  start: async ({ logger, signal, fail }) => {
    const metrics = createMetrics({ app: 'processor' });
    const messaging = createMessaging({
      ...kafkaConnection(config),
      clientId: 'processor',
      logger,
      metrics,
      onFatal: fail,
    });
    const health = { host: config.HEALTH_HOST, port: config.PROCESSOR_HEALTH_PORT };
    const app = await startProcessor({
      ...{ messaging, metrics, logger, health, signal, screening },
      rateAgeMaxSeconds: config.FX_RATE_AGE_MAX_SECONDS,
    });
    const stop = async (): Promise<void> => {
      await app.stop();
      await messaging.close();
    };
    return { ...app, stop };
  },
});
