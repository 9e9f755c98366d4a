// Starts the gateway from its environment and runs it until it is told to stop.
import { readConfig } from '@paystream/config';
import { runApp } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { startGateway } from './app.ts';
import { gatewayConfig } from './config.ts';

const config = readConfig(gatewayConfig, process.env);
const logger = createLogger({ name: 'gateway', level: config.LOG_LEVEL });

await runApp({
  name: 'gateway',
  logger,
  start: ({ fail }) => startGateway({ config, logger, metrics: createMetrics({ app: 'gateway' }), onFatal: fail }),
});
