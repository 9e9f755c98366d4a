// Decides when so much waits for the broker that nothing more may be accepted.
import type { GatewayMetrics } from '../metrics.ts';
import type { DueWork } from '../store/read-due-work.ts';

/** As promised in the design: beyond either, 503 before anything is written. */
const UNPUBLISHED_ROWS_MAX = 100_000;
const UNPUBLISHED_AGE_MS_MAX = 60_000;
const MILLISECONDS_PER_SECOND = 1_000;

export interface OutboxLimits {
  isReached(): boolean;
  /** Rows this process has added since the outbox was last measured. */
  added(count: number): void;
  /** Takes note of what is read, and hands it on. */
  measure(read: () => Promise<DueWork>): Promise<DueWork>;
}

export function createOutboxLimits(metrics: GatewayMetrics): OutboxLimits {
  let count = 0;
  let oldestMs = 0;
  let addedSince = 0;
  return {
    isReached: () => count + addedSince > UNPUBLISHED_ROWS_MAX || oldestMs > UNPUBLISHED_AGE_MS_MAX,
    added: (more) => {
      addedSince += more;
    },
    measure: async (read) => {
      addedSince = 0;
      const due = await read();
      count = due.unpublishedCount;
      oldestMs = due.unpublishedOldestMs;
      metrics.unpublished.set(count);
      metrics.unpublishedAge.set(oldestMs / MILLISECONDS_PER_SECOND);
      return due;
    },
  };
}
