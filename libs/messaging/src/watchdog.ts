// Decides that a consumer has stopped working without saying so: silence, although the brokers answer others.
import type { AdminConnection } from './admin-connection.ts';
import { MessagingError } from './errors.ts';
import { SESSION_TIMEOUT_MS } from './limits.ts';

/** Longer than any wait a working consumer has between two fetches or heartbeats. */
const SILENCE_MS_MAX = 3 * SESSION_TIMEOUT_MS;
const CHECK_INTERVAL_MS = 2_000;
const PROBE_DEADLINE_MS = 2_000;

export interface Watchdog {
  /** The consumer has fetched, or the group has taken its heartbeat. */
  heard: () => void;
  start(): void;
  healthy(): boolean;
  stop(): void;
}

export interface WatchdogOptions {
  groupId: string;
  admin: AdminConnection;
  onStalled(error: Error): void;
}

/**
 * While no broker answers anyone, silence is the brokers' and not ours: ending the process would mend nothing, and the
 * gateway has to go on taking payments.
 */
export function createWatchdog({ groupId, admin, onStalled }: WatchdogOptions): Watchdog {
  let heardAtMs = performance.now();
  let absentAtMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const silenceMs = () => performance.now() - heardAtMs;
  const isStalled = () => silenceMs() >= SILENCE_MS_MAX && performance.now() - absentAtMs >= SILENCE_MS_MAX;
  const check = async () => {
    // Asked long before the verdict: brokers that are back by then have been away all the same, and from when they are
    // back the consumer has as long to be heard as at any other time.
    if (silenceMs() < SESSION_TIMEOUT_MS) return;
    if (!(await admin.answers(PROBE_DEADLINE_MS))) absentAtMs = performance.now();
    if (timer === undefined || !isStalled()) return;
    onStalled(
      new MessagingError('fatal', `the consumer of ${groupId} has been silent for ${Math.round(silenceMs())} ms`),
    );
  };
  return {
    heard: () => {
      heardAtMs = performance.now();
    },
    start: () => {
      heardAtMs = performance.now();
      timer = setInterval(() => void check(), CHECK_INTERVAL_MS);
      timer.unref();
    },
    healthy: () => silenceMs() < SILENCE_MS_MAX,
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
