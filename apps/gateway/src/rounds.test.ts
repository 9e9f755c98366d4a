// Gives rounds chores that fail, hang or are not due: the others are done, and each comes again.
import { createLogger } from '@paystream/telemetry';
import { expect, test } from 'vitest';
import { startRounds } from './rounds.ts';
import type { DueWork } from './store/read-due-work.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const NOTHING: DueWork = {
  ...{ unpublishedCount: 0, unpublishedOldestMs: 0 },
  ...{ hasUnpublishedMerchants: false, hasUnpublishedEvents: false, hasEndedHolds: false, changes: 0n },
};

test('only what is due is done, again and again, whatever becomes of other chores', async () => {
  const hanging = Promise.withResolvers<void>();
  const done = { failing: 0, hanging: 0, good: 0, idle: 0 };
  const stop = startRounds({
    logger,
    look: () => Promise.resolve({ ...NOTHING, hasEndedHolds: true }),
    chores: [
      {
        what: 'failing',
        isDue: ({ hasEndedHolds }) => hasEndedHolds,
        work: () => {
          done.failing += 1;
          return Promise.reject(new Error('it failed'));
        },
      },
      {
        what: 'hanging',
        isDue: ({ hasEndedHolds }) => hasEndedHolds,
        work: () => {
          done.hanging += 1;
          return hanging.promise;
        },
      },
      {
        what: 'good',
        isDue: ({ hasEndedHolds }) => hasEndedHolds,
        work: () => {
          done.good += 1;
          return Promise.resolve();
        },
      },
      {
        what: 'idle',
        isDue: ({ hasUnpublishedEvents }) => hasUnpublishedEvents,
        work: () => {
          done.idle += 1;
          return Promise.resolve();
        },
      },
    ],
  });
  await expect.poll(() => done, { timeout: 10_000 }).toEqual({ failing: 2, hanging: 1, good: 2, idle: 0 });
  let isStopped = false;
  const stopped = stop().then(() => (isStopped = true));
  expect(isStopped).toBe(false);
  hanging.resolve();
  await stopped;
});
