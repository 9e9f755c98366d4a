// Tries a transaction again where the server asks for it: serialization failures and deadlocks, a bounded number of times.
import { setTimeout as wait } from 'node:timers/promises';
import { sqlStateOf } from './errors.ts';

const ATTEMPTS_MAX = 5;
const WAIT_MS_MAX = 40;
const RETRIED_STATES = new Set(['40001', '40P01']);

/** Runs `attempt` until it resolves, throws something else, or has been run ATTEMPTS_MAX times. */
export async function withRetry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= ATTEMPTS_MAX || !RETRIED_STATES.has(sqlStateOf(error) ?? '')) throw error;
      // Two that met in a deadlock must not meet again: they wait for times of their own.
      await wait(Math.random() * WAIT_MS_MAX);
    }
  }
}
