// Waits out brokers and registries that are not there yet, so that the order in which a stack starts does not matter.
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@paystream/telemetry';

const RETRY_WAIT_MS = 1_000;

export interface WhenAvailableOptions {
  /** What is being started, as it reads after "waits:". */
  what: string;
  logger: Logger;
  /** Ends the wait: the process is to stop. */
  signal: AbortSignal;
}

/**
 * What `start` gives, however often it has to be tried while its errors say that trying again may help.
 * @throws the first error that does not say so; an AbortError when the signal aborts
 */
export async function whenAvailable<T>(
  start: () => Promise<T>,
  { what, logger, signal }: WhenAvailableOptions,
): Promise<T> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      logger.warn({ err: error }, `the processor waits: ${what}`);
    }
    await wait(RETRY_WAIT_MS, undefined, { signal });
  }
}

function isRetriable(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}
