// Holds one picture of the gateway's and of the notifier's database for as long as a proof takes, taken before the books' own.

import { readOffsets } from '@paystream/database';
import type { Database, Transaction } from '@paystream/database';
import { connectDatabase } from '../../connect.ts';
import type { StackFile } from '../../context.ts';
import { STATEMENT_TIMEOUT_MS } from '../limits.ts';

type Offsets = ReadonlyMap<number, bigint>;

export interface Pictures {
  readonly gateway: Transaction;
  readonly notifier: Transaction;
  /** What the pictures have taken of each topic, by partition. */
  readonly settled: Offsets;
  readonly progressed: Offsets;
  readonly notifications: Offsets;
  /** When the gateway's was taken, by its own clock: microseconds since the epoch. */
  readonly takenAt: bigint;
  /** The gateway's database as it is by now, for what is newer than the picture. */
  readonly gatewayNow: Database;
}

export type WholeDatabases = Pick<StackFile['databases'], 'accounts' | 'gateway' | 'notifier'>;

/** Works with pictures of one moment each; they end with the work. */
export async function withPictures<T>(
  { gateway, notifier }: WholeDatabases,
  work: (pictures: Pictures) => Promise<T>,
): Promise<T> {
  const databases = [gateway, notifier, gateway].map((url) => connectDatabase(url, STATEMENT_TIMEOUT_MS));
  const [gatewayThen, notifierThen, gatewayNow] = databases as [Database, Database, Database]; // three urls, three databases
  try {
    return await inSnapshot(gatewayThen, (ofGateway) =>
      inSnapshot(notifierThen, async (ofNotifier) => {
        const [clock] = await ofGateway.query<{ now: bigint }>({
          text: 'SELECT (extract(epoch FROM now()) * 1000000)::bigint AS now',
        });
        return await work({
          gateway: ofGateway,
          notifier: ofNotifier,
          settled: await readOffsets(ofGateway, { group: 'gateway-status', topic: 'payment.settled' }),
          progressed: await readOffsets(ofGateway, { group: 'gateway-progress', topic: 'payment.progressed' }),
          notifications: await readOffsets(ofNotifier, { group: 'notifier', topic: 'customer.notification' }),
          takenAt: clock?.now ?? 0n,
          gatewayNow,
        });
      }),
    );
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
}

function inSnapshot<T>(database: Database, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return database.transaction(
    async (transaction) => {
      await transaction.execute({ text: 'SET LOCAL idle_in_transaction_session_timeout = 0' });
      // The first statement that reads takes the snapshot.
      await transaction.query({ text: 'SELECT count(*) FROM consumer_offsets' });
      return await work(transaction);
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}
