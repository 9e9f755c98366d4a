// Does a piece of work again and again, one at a time, until it is told to stop.
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@paystream/telemetry';

export interface RepeatOptions {
  what: string;
  /** From the end of one turn to the start of the next. */
  intervalMs: number;
  /** A throw is logged, and the work comes again. */
  work: () => Promise<void>;
  logger: Logger;
}

/** Starts at once; the returned function resolves when the turn in hand is over and no other will come. */
export function repeat({ what, intervalMs, work, logger }: RepeatOptions): () => Promise<void> {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => logger.warn({ err: error }, `${what} failed and will be tried again`));
      await wait(intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await running;
  };
}
