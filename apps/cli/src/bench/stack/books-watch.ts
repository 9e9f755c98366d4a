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
  /** How far the processor has come, and what accounts has still to work off: it moves its offset only when it publishes. */
  const look = async (): Promise<{ priced: bigint; left: bigint }> => {
    const priced = sum(await admin.endOffsets('payment.processed'));
    return { priced, left: sum(await admin.lag('accounts', 'payment.processed')) };
  };
  return {
    operations,
    unread: async () => {
      const lags = await Promise.all(READERS.map(([group, topic]) => admin.lag(group, topic)));
      return sum(lags.flat());
    },
    settled: async (expected) => {
      let moved = { priced: -1n, left: -1n, atMs: performance.now() };
      for (;;) {
        const { priced, left } = await look();
        const stands = priced === moved.priced && left === moved.left;
        // The processor's own offset follows a second behind, so whether all is priced is asked of the books: when nothing
        // moves, for they count rows.
        if (left === 0n && stands && (await operations()) >= expected) return;
        if (!stands) moved = { priced, left, atMs: performance.now() };
        if (performance.now() - moved.atMs > STALL_MS_MAX) {
          throw new Error(`Processor and accounts stand still ${left} records before the end of payment.processed.`);
        }
        await wait(POLL_INTERVAL_MS);
      }
    },
  };
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
