/** Keeps a service running: one that ends without being asked is started again, where it was. */

import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from './service-process.ts';
import type { Log } from './stack-folder.ts';

export interface KeptService {
  readonly name: string;
  /** Process id of the present run. */
  pid(): number;
  stop(): Promise<void>;
}

export interface KeepOptions {
  /** Resolves when the service is ready; gives up, and leaves nothing running, when the signal is aborted. */
  readonly start: (signal: AbortSignal) => Promise<ServiceProcess>;
  /** Aborts the first start. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Called after each restart: the process id is another one. */
  readonly onRestart: () => void;
}

const PAUSE_FIRST_MS = 500;
const PAUSE_MS_MAX = 10_000;

/**
 * Starts the service, throwing when that first start fails, and from then on starts it again whenever it ends. Stopping also
 * interrupts a new start that is under way.
 */
export async function keepRunning({ start, signal, log, onRestart }: KeepOptions): Promise<KeptService> {
  let current = await start(signal);
  const { name } = current;
  const stopping = new AbortController();

  const startAgain = async (): Promise<void> => {
    for (let pauseMs = PAUSE_FIRST_MS; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      try {
        await delay(pauseMs, undefined, { signal: stopping.signal });
        current = await start(stopping.signal);
        log(`${name} runs again.`);
        onRestart();
        return;
      } catch (error) {
        if (!stopping.signal.aborted) log(`${name} did not start again, and is tried later: ${String(error)}`);
      }
    }
  };
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      log(`${name} ${how}; starting it again.`);
      await startAgain();
    }
  };
  const watching = watch();

  return {
    name,
    pid: () => current.pid,
    stop: async () => {
      stopping.abort();
      await current.stop();
      await watching;
      // A restart that was ready at that very moment.
      await current.stop();
    },
  };
}
