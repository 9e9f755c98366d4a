// Copies a database's offsets to the group now and then, for dashboards: nobody relies on them.
import type { MessagingContext } from './context.ts';
import type { FetchedBatch } from './group-consumer.ts';

/**
 * A copy after every batch was a request to the broker for every payment at a low rate, and the broker's time is what a
 * small machine lacks first.
 */
const COPY_INTERVAL_MS = 1_000;

export interface OffsetCopy {
  /** What the batch's partition has reached is copied within the interval; the newest counts. */
  note(batch: FetchedBatch): void;
  /** Copies what is noted, now; resolves when the broker has answered. */
  flush(): Promise<void>;
}

export function createOffsetCopy({ logger }: MessagingContext): OffsetCopy {
  const noted = new Map<number, FetchedBatch>();
  let timer: NodeJS.Timeout | null = null;
  const flush = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batches = [...noted.values()];
    noted.clear();
    await Promise.all(
      batches.map(({ topic, partition, next, commit }) =>
        // A refusal only says that the partition has moved.
        commit(next).catch((error: unknown) =>
          logger.debug({ topic, partition, err: error }, 'the offset was not copied'),
        ),
      ),
    );
  };
  return {
    note: (batch) => {
      noted.set(batch.partition, batch);
      timer ??= setTimeout(() => void flush(), COPY_INTERVAL_MS);
    },
    flush,
  };
}
