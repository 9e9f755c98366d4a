// Commits the group's offset behind the work, now and then: what has been worked off since comes again after a crash.
import { faultPoint } from '@paystream/runtime';
import type { MessagingContext } from './context.ts';
import type { FetchedBatch } from './group-consumer.ts';

/**
 * A commit after every batch was a request to the broker for every payment at a low rate, and the broker's time is what a
 * small machine lacks first.
 */
const COMMIT_INTERVAL_MS = 1_000;

export interface OffsetCopy {
  /** Everything below `next`, or of the whole batch, is worked off: that is committed within the interval. */
  note(batch: FetchedBatch, next?: bigint): void;
  /** Commits what is noted, now; resolves when the broker has answered, or has not. */
  flush(): Promise<void>;
}

interface Noted {
  batch: FetchedBatch;
  next: bigint;
}

export function createOffsetCopy({ logger }: MessagingContext): OffsetCopy {
  // By place; the newest counts.
  const noted = new Map<string, Noted>();
  let timer: NodeJS.Timeout | null = null;
  // One after the other, or an earlier offset might arrive last and stay.
  let flushing: Promise<void> = Promise.resolve();

  const note = (batch: FetchedBatch, next = batch.next): void => {
    noted.set(placeOf(batch), { batch, next });
    timer ??= setTimeout(() => void flush(), COMMIT_INTERVAL_MS);
  };
  const commit = async ({ batch, next }: Noted): Promise<void> => {
    const { topic, partition, signal } = batch;
    // Of an assignment that is over: where the partition is read from now has been decided without us.
    if (signal.aborted) return;
    try {
      await batch.commit(next);
    } catch (error) {
      logger.debug({ topic, partition, err: error }, 'the offset was not committed');
      if (!signal.aborted && !noted.has(placeOf(batch))) note(batch, next);
    }
  };
  const commitNoted = async (): Promise<void> => {
    const all = [...noted.values()];
    noted.clear();
    await Promise.all(all.map(commit));
    faultPoint('messaging.offsets_committed');
  };
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    flushing = flushing.then(commitNoted);
    return flushing;
  };
  return { note, flush };
}

function placeOf({ topic, partition }: FetchedBatch): string {
  return `${topic}/${partition}`;
}
