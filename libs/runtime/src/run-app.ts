// Owns the life of an app's process: start, readiness, one orderly stop, and an end with a reason in the log.
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@paystream/telemetry';
import { createDeferred } from './deferred.ts';
import { enableFaultPoints } from './fault-point.ts';

/** Within the 10 s that a supervisor waits before it kills. */
const STOP_DEADLINE_MS = 9_000;
const READY_INTERVAL_MS = 50;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface RunningApp {
  /** True once work can be taken; asked until then. */
  ready(): boolean | Promise<boolean>;
  /** What a supervisor should know, e.g. `{ url }`. */
  info: Record<string, unknown>;
  /** Finishes what is in hand and lets go of every connection. */
  stop(): Promise<void>;
}

export interface AppContext {
  logger: Logger;
  /** Aborted when a stop was asked for, also while the app is still starting. */
  signal: AbortSignal;
  /** For what only a new process can mend (a client that has crashed for good): logs and ends with code 1. */
  fail(error: unknown): void;
}

export interface RunAppOptions {
  name: string;
  logger: Logger;
  start: (context: AppContext) => Promise<RunningApp>;
  /** 9 s unless said otherwise. */
  stopDeadlineMs?: number;
}

/**
 * Runs an app until SIGTERM, SIGINT or the end of the parent's IPC channel; then stops it and ends the process, at the
 * deadline in any case. An error that nobody handled is logged and ends the process with code 1. When the app says it is
 * ready, a parent with an IPC channel is sent `{ type: 'ready', info }`.
 */
export async function runApp(options: RunAppOptions): Promise<void> {
  const { name, logger, start } = options;
  enableFaultPoints(process.env);
  const stopping = new AbortController();
  const stopAsked = createDeferred<string>();
  const askToStop = (reason: string) => {
    stopping.abort();
    stopAsked.resolve(reason);
  };
  const fail = (error: unknown) => {
    logger.fatal({ err: error }, `${name} ends: an error that only a new process can mend`);
    process.exit(1);
  };
  // A second signal changes nothing: a terminal and a supervisor often send the same one.
  for (const signal of STOP_SIGNALS) process.on(signal, askToStop);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  if (process.send !== undefined) process.on('disconnect', () => askToStop('end of the parent'));

  void stopAsked.promise.then((reason) => endAtDeadline(options, reason));
  try {
    const app = await start({ logger, signal: stopping.signal, fail });
    await announceWhenReady(app, { name, logger, signal: stopping.signal });
    await stopAsked.promise;
    await app.stop();
  } catch (error) {
    // A start that was interrupted by the stop has not failed.
    if (!stopping.signal.aborted) fail(error);
    logger.warn({ err: error }, `${name} was interrupted while it stopped`);
  }
  logger.info(`${name} stopped`);
  process.exit(0);
}

interface Announcement {
  name: string;
  logger: Logger;
  signal: AbortSignal;
}

async function announceWhenReady(app: RunningApp, { name, logger, signal }: Announcement): Promise<void> {
  while (!signal.aborted && !(await app.ready())) {
    await wait(READY_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
  if (signal.aborted) return;
  logger.info(app.info, `${name} is ready`);
  process.send?.({ type: 'ready', info: app.info });
}

function endAtDeadline({ name, logger, stopDeadlineMs = STOP_DEADLINE_MS }: RunAppOptions, reason: string): void {
  logger.info({ reason }, `${name} stops`);
  setTimeout(() => {
    logger.error(`${name} did not stop within ${stopDeadlineMs} ms and ends now`);
    process.exit(1);
  }, stopDeadlineMs).unref();
}
