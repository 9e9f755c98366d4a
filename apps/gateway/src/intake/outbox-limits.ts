// Decides when so much waits for the broker that nothing more may be accepted.
import type { Database } from '@paystream/database';
import type { Logger } from '@paystream/telemetry';
import type { GatewayMetrics } from '../metrics.ts';
import { repeat } from '../repeat.ts';
import type { Unpublished } from '../store/measure-unpublished.ts';
import { measureUnpublished } from '../store/measure-unpublished.ts';

/** As promised in the design: beyond either, 503 before anything is written. */
const UNPUBLISHED_ROWS_MAX = 100_000;
const UNPUBLISHED_AGE_MS_MAX = 60_000;
const MEASURE_INTERVAL_MS = 1_000;

export interface OutboxLimits {
  isReached(): boolean;
  /** Rows this process has added since the outbox was last measured. */
  added(count: number): void;
  stop(): Promise<void>;
}

export function watchOutbox(options: { database: Database; logger: Logger; metrics: GatewayMetrics }): OutboxLimits {
  const { database, metrics } = options;
  let measured: Unpublished = { count: 0, oldestMs: 0 };
  let addedSince = 0;
  const stop = repeat({
    ...options,
    what: 'measuring the outbox',
    intervalMs: MEASURE_INTERVAL_MS,
    work: async () => {
      addedSince = 0;
      measured = await measureUnpublished(database);
      metrics.unpublished.set(measured.count);
      metrics.unpublishedAge.set(measured.oldestMs / 1_000);
    },
  });
  return {
    isReached: () => measured.count + addedSince > UNPUBLISHED_ROWS_MAX || measured.oldestMs > UNPUBLISHED_AGE_MS_MAX,
    added: (count) => {
      addedSince += count;
    },
    stop,
  };
}
