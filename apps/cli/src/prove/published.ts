// Waits until everything that the snapshot's books decided is on the log.

import { setTimeout as wait } from 'node:timers/promises';
import type { Messaging } from '@paystream/messaging';
import { CliError } from '../context.ts';

const PUBLISH_DEADLINE_MS = 60_000;
const POLL_INTERVAL_MS = 50;

/**
 * Resolves once the accounts group's committed offsets have reached the cuts: it moves them in the very transaction that
 * publishes. Throws `CliError` at the deadline, naming what is missing.
 */
export async function waitUntilPublished(
  { admin }: Pick<Messaging, 'admin'>,
  cuts: ReadonlyMap<number, bigint>,
  deadlineMs: number = PUBLISH_DEADLINE_MS,
  signal?: AbortSignal,
): Promise<void> {
  const start = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const published = await admin.committedOffsets('accounts', 'payment.processed');
    const behind = [...cuts].filter(([partition, cut]) => (published[partition] ?? 0n) < cut);
    if (behind.length === 0) return;
    if (performance.now() - start > deadlineMs) {
      const list = behind.map(([partition, cut]) => `${partition} (${published[partition] ?? 0n} of ${cut})`);
      throw new CliError(
        `The accounts app has not published what its books hold within ${deadlineMs / 1_000} s, ` +
          `partition ${list.join(', ')}. Is it running? See \`npx paystream status\`.`,
      );
    }
    await wait(POLL_INTERVAL_MS);
  }
}
