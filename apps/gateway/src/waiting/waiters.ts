// Keeps requests that wait for a final outcome, and wakes each once: by word from the consumer, or by looking.
import type { Database } from '@paystream/database';
import type { Logger } from '@paystream/telemetry';
import { repeat } from '../repeat.ts';
import type { Answered } from '../store/read-answers.ts';
import { readAnswers } from '../store/read-answers.ts';

/** Requests waiting at once; beyond, they are answered 202 at once. */
const WAITING_REQUESTS_MAX = 5_000;
/** How often it is looked for outcomes whose word was lost, or was not for this gateway; not before they waited so long. */
const LOOK_INTERVAL_MS = 250;

export interface Waiters {
  /**
   * Calls `done` once: with what has become of the operation, or with null when the time is over. False when too many
   * wait already; `done` is not called then.
   */
  wait(uuid: string, waitMs: number, done: (answered: Answered | null) => void): boolean;
  /** Outcomes this process has just stored itself. */
  tell(answers: Iterable<readonly [uuid: string, answer: string]>): void;
  /** Uuids of which somebody stored the outcome, or that they are on their way. */
  told(uuids: readonly string[]): void;
  count(): number;
  /** Ends every wait now. */
  stop(): Promise<void>;
}

interface Waiter {
  uuid: string;
  timer: NodeJS.Timeout;
  done: (answered: Answered | null) => void;
}

/** All who wait for one operation. */
interface Waited {
  sinceMs: number;
  waiters: Set<Waiter>;
}

export interface WaitersOptions {
  database: Database;
  logger: Logger;
  /** LOOK_INTERVAL_MS unless said otherwise. */
  lookIntervalMs?: number;
}

export function createWaiters({ database, logger, lookIntervalMs = LOOK_INTERVAL_MS }: WaitersOptions): Waiters {
  // In the order in which somebody began to wait.
  const waiting = new Map<string, Waited>();
  let count = 0;
  let wanted = new Set<string>();
  let reading = false;
  let stopped = false;

  const leave = (waiter: Waiter, answered: Answered | null) => {
    const waiters = waiting.get(waiter.uuid)?.waiters;
    if (waiters?.delete(waiter) !== true) return;
    if (waiters.size === 0) waiting.delete(waiter.uuid);
    clearTimeout(waiter.timer);
    count -= 1;
    waiter.done(answered);
  };
  const wake = (uuid: string, answered: Answered | null) => {
    for (const waiter of waiting.get(uuid)?.waiters ?? []) leave(waiter, answered);
  };
  const waitingSince = (latestMs: number): string[] => {
    const uuids: string[] = [];
    for (const [uuid, { sinceMs }] of waiting) {
      if (sinceMs > latestMs) break;
      uuids.push(uuid);
    }
    return uuids;
  };
  const read = async (uuids: readonly string[]) => {
    for (const [uuid, answered] of await readAnswers(database, uuids)) wake(uuid, answered);
  };
  const readWanted = async () => {
    reading = true;
    while (wanted.size > 0) {
      const uuids = [...wanted].filter((uuid) => waiting.has(uuid));
      wanted = new Set();
      // A failure costs these waiters at most the interval below.
      if (uuids.length > 0) {
        await read(uuids).catch((error: unknown) => logger.warn({ err: error }, 'answers could not be read'));
      }
    }
    reading = false;
  };
  const stopLooking = repeat({
    logger,
    what: 'looking for outcomes that are waited for',
    intervalMs: lookIntervalMs,
    work: async () => {
      const uuids = waitingSince(performance.now() - lookIntervalMs);
      if (uuids.length > 0) await read(uuids);
    },
  });

  return {
    wait: (uuid, waitMs, done) => {
      if (stopped || count >= WAITING_REQUESTS_MAX) return false;
      const waiter: Waiter = { uuid, done, timer: setTimeout(() => leave(waiter, null), waitMs) };
      const others = waiting.get(uuid);
      if (others === undefined) waiting.set(uuid, { sinceMs: performance.now(), waiters: new Set([waiter]) });
      else others.waiters.add(waiter);
      count += 1;
      return true;
    },
    tell: (answers) => {
      for (const [uuid, answer] of answers) wake(uuid, { kind: 'final', answer });
    },
    told: (uuids) => {
      for (const uuid of uuids) if (waiting.has(uuid)) wanted.add(uuid);
      if (!reading && wanted.size > 0) void readWanted();
    },
    count: () => count,
    stop: async () => {
      stopped = true;
      for (const uuid of [...waiting.keys()]) wake(uuid, null);
      await stopLooking();
    },
  };
}
