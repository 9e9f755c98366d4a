// Starts the gateway from its environment and runs it until it is told to stop.
import { readConfigOrExit } from '@paystream/config';
import { runApp } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { startGateway } from './app.ts';
import { gatewayConfig } from './config.ts';

const config = readConfigOrExit(gatewayConfig, process.env);
const logger = createLogger({ name: 'gateway', level: config.LOG_LEVEL });

await runApp({
  name: 'gateway',
  logger,
  start: ({ fail }) => startGateway({ config, logger, metrics: createMetrics({ app: 'gateway' }), onFatal: fail }),
});
