// Logs and metrics: the only room that knows pino and prom-client.
export { LOG_LEVELS, createLogger } from './logger.ts';
export type { LogLevel, Logger, LoggerOptions } from './logger.ts';
export { createMetrics } from './metrics.ts';
export type { Counter, Gauge, Histogram, Labels, Metrics } from './metrics.ts';
