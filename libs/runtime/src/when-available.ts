// Waits out services that are not there yet, so that the order in which a system starts does not matter.
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@paystream/telemetry';

const RETRY_WAIT_MS = 1_000;

export interface WhenAvailableOptions {
  /** What is waited for, as it reads after "waits for". */
  what: string;
  logger: Logger;
  /** Ends the wait: the process is to stop. */
  signal: AbortSignal;
  /** Whether trying again may help; by default the error's own `retriable` says so. */
  isRetriable?: (error: unknown) => boolean;
}

/**
 * What `start` gives, however often it has to be tried.
 * @throws the first error that is not retriable; an AbortError when the signal aborts
 */
export async function whenAvailable<T>(start: () => Promise<T>, options: WhenAvailableOptions): Promise<T> {
  const { what, logger, signal, isRetriable = saysRetriable } = options;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      logger.warn({ err: error }, `waits for ${what}`);
    }
    await wait(RETRY_WAIT_MS, undefined, { signal });
  }
}

function saysRetriable(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}
