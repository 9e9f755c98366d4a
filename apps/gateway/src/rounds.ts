// Looks once a second, in one statement, for what is to be done behind the requests' backs, and does it, each chore by itself.
import type { Logger } from '@paystream/telemetry';
import { repeat } from './repeat.ts';
import type { DueWork } from './store/read-due-work.ts';

const LOOK_INTERVAL_MS = 1_000;

/** A chore that hangs, as while the broker is away, keeps no other from being done. */
export interface Chore {
  what: string;
  isDue(due: DueWork): boolean;
  /** Does what there is. A throw is logged, and the chore is due again at the next look. */
  work(): Promise<void>;
}

export interface RoundsOptions {
  look: () => Promise<DueWork>;
  chores: readonly Chore[];
  logger: Logger;
}

/** Starts at once; the returned function resolves when what is under way is done and nothing more will be begun. */
export function startRounds({ look, chores, logger }: RoundsOptions): () => Promise<void> {
  const underWay = new Map<Chore, Promise<void>>();
  const begin = (chore: Chore) => {
    const working = chore
      .work()
      .catch((error: unknown) => logger.warn({ err: error }, `${chore.what} failed and will be tried again`))
      .finally(() => underWay.delete(chore));
    underWay.set(chore, working);
  };
  const stopLooking = repeat({
    logger,
    what: 'looking for what is to be done',
    intervalMs: LOOK_INTERVAL_MS,
    work: async () => {
      const due = await look();
      for (const chore of chores) if (chore.isDue(due) && !underWay.has(chore)) begin(chore);
    },
  });
  return async () => {
    await stopLooking();
    await Promise.all(underWay.values());
  };
}
