// Waits for a condition with a deadline, never for a time.
import { setTimeout as wait } from 'node:timers/promises';

const DEADLINE_MS_DEFAULT = 10_000;
const INTERVAL_MS_DEFAULT = 50;

export interface WaitForOptions {
  /** What is awaited, as it reads after "waited in vain for". */
  what: string;
  deadlineMs?: number;
  intervalMs?: number;
}

/**
 * Asks until the condition gives something that is neither false, null nor undefined, and returns it.
 * @throws Error naming `what` after the deadline; whatever the condition throws, at once
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, deadlineMs = DEADLINE_MS_DEFAULT, intervalMs = INTERVAL_MS_DEFAULT }: WaitForOptions,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    // The three excluded values are the three excluded types; TypeScript does not narrow a type parameter by them.
    if (value !== false && value !== null && value !== undefined) return value as NonNullable<Exclude<T, false>>;
    if (performance.now() >= deadline) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await wait(intervalMs);
  }
}
