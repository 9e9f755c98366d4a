// Watches the books and the log from outside: when everything that was asked is committed and published.

import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@paystream/database';
import type { Messaging } from '@paystream/messaging';

const POLL_INTERVAL_MS = 50;
/** Nothing moves for this long: something is broken, and waiting on will not mend it. */
const STALL_MS_MAX = 30_000;

export interface BooksWatch {
  /** Decisions in the books so far. Counts rows: not to be asked while something is measured. */
  readonly operations: () => Promise<number>;
  /** Resolves when so many decisions are committed and everything decided is published. */
  readonly settled: (operations: number) => Promise<void>;
  /** Records that the apps have still to read: also those that follow the books. */
  readonly unread: () => Promise<bigint>;
}

/** Who reads what on a payment's way. */
const READERS = [
  ['processor', 'payment.requested'],
  ['accounts', 'payment.processed'],
  ['gateway-status', 'payment.settled'],
  ['notifier', 'customer.notification'],
] as const;

export function watchBooks(accounts: Database, { admin }: Messaging): BooksWatch {
  const operations = async (): Promise<number> => {
    const [row] = await accounts.query<{ count: bigint }>({ text: 'SELECT count(*) AS count FROM operations' });
    return Number(row?.count ?? 0n);
  };
  /** Offsets that processor and accounts have still to work off; accounts moves its own only when it publishes. */
  const lag = async (): Promise<bigint> => {
    const asked = await admin.lag('processor', 'payment.requested');
    const priced = await admin.lag('accounts', 'payment.processed');
    return [...asked, ...priced].reduce((sum, each) => sum + each, 0n);
  };
  return {
    operations,
    unread: async () => {
      const lags = await Promise.all(READERS.map(([group, topic]) => admin.lag(group, topic)));
      return lags.flat().reduce((sum, each) => sum + each, 0n);
    },
    settled: async (expected) => {
      let moved = { lag: -1n, atMs: performance.now() };
      for (;;) {
        const left = await lag();
        // Nothing waits on the log; only a gateway that has not yet published everything could still add to it.
        if (left === 0n && (await operations()) >= expected) return;
        if (left !== moved.lag) moved = { lag: left, atMs: performance.now() };
        if (performance.now() - moved.atMs > STALL_MS_MAX) {
          throw new Error(`Processor and accounts stand still ${left} records before the end of their topics.`);
        }
        await wait(POLL_INTERVAL_MS);
      }
    },
  };
}
