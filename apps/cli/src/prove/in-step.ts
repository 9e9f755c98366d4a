// Waits until log and books are in step: the books have read what is on the log, and what they decided is on it too.

import { setTimeout as wait } from 'node:timers/promises';
import { readOffsets } from '@paystream/database';
import type { Queryable } from '@paystream/database';
import type { Messaging } from '@paystream/messaging';
import { CliError } from '../context.ts';

const IN_STEP_DEADLINE_MS = 60_000;
const POLL_INTERVAL_MS = 50;

const INPUT = { group: 'accounts', topic: 'payment.processed' } as const;

type Offsets = ReadonlyMap<number, bigint>;

/** Accounts moves it in the very transaction that publishes. */
export async function readPublished({ admin }: Pick<Messaging, 'admin'>): Promise<readonly bigint[]> {
  const offsets = await admin.committedOffsets(INPUT.group, INPUT.topic);
  return offsets.map((offset) => offset ?? 0n);
}

export function readApplied(database: Queryable): Promise<Map<number, bigint>> {
  return readOffsets(database, INPUT);
}

export interface InStepOptions {
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves once the books have read up to `ends`, or at the deadline: what they then lack is for the proof to say. */
export async function waitUntilApplied(
  database: Queryable,
  ends: readonly bigint[],
  options: InStepOptions,
): Promise<void> {
  await untilTrue(options, async () => {
    const applied = await readApplied(database);
    return ends.every((end, partition) => (applied.get(partition) ?? 0n) >= end);
  });
}

/**
 * Resolves once everything below the cuts is published. Of books that have read beyond the log's end nothing is awaited:
 * that never comes.
 * @throws CliError at the deadline, naming what is missing
 */
export async function waitUntilPublished(
  messaging: Pick<Messaging, 'admin'>,
  cuts: Offsets,
  { ends, deadlineMs = IN_STEP_DEADLINE_MS, signal }: InStepOptions & { readonly ends: readonly bigint[] },
): Promise<void> {
  let behind: string[] = [];
  const isPublished = async (): Promise<boolean> => {
    const published = await readPublished(messaging);
    behind = [...cuts].flatMap(([partition, cut]) => {
      const offset = published[partition] ?? 0n;
      return offset < cut && cut <= (ends[partition] ?? 0n) ? [`${partition} (${offset} of ${cut})`] : [];
    });
    return behind.length === 0;
  };
  if (await untilTrue({ deadlineMs, signal }, isPublished)) return;
  throw new CliError(
    `The accounts app has not published what its books hold within ${deadlineMs / 1_000} s, ` +
      `partition ${behind.join(', ')}. Is it running? See \`npx paystream status\`.`,
  );
}

/** Asks until it is so; false when it is not by the deadline. */
async function untilTrue(
  { deadlineMs = IN_STEP_DEADLINE_MS, signal }: InStepOptions,
  isTrue: () => Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    signal?.throwIfAborted();
    if (await isTrue()) return true;
    if (performance.now() > deadline) return false;
    await wait(POLL_INTERVAL_MS);
  }
}
