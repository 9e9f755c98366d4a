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
  readonly start: () => Promise<ServiceProcess>;
  readonly log: Log;
  /** Called after each restart: the process id is another one. */
  readonly onRestart: () => void;
}

const PAUSE_FIRST_MS = 500;
const PAUSE_MS_MAX = 10_000;

/** Starts the service, throwing when that first start fails, and from then on starts it again whenever it ends. */
export async function keepRunning({ start, log, onRestart }: KeepOptions): Promise<KeptService> {
  let current = await start();
  const { name } = current;
  const stopping = new AbortController();

  const startAgain = async (): Promise<void> => {
    for (let pauseMs = PAUSE_FIRST_MS; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      try {
        await delay(pauseMs, undefined, { signal: stopping.signal });
        current = await start();
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
      // A start that was under way when we were asked to stop has put a new process there.
      await current.stop();
    },
  };
}
