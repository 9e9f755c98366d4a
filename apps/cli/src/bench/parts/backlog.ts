// Measures how fast a backlog of requested payments goes through processor and accounts, with nothing else running.

import type { Messaging, OutgoingRecord } from '@paystream/messaging';
import type { BenchStack } from './bench-stack.ts';
import type { BooksWatch } from './books-watch.ts';
import type { ProcessorUse } from './processor-use.ts';
import { measureUse } from './processor-use.ts';
import { newCustomerId, requestedRecord } from './requested.ts';

const CUSTOMERS = 2_000;
const RECORDS_PER_PUBLISH = 2_000;
const DRAINING_APPS = ['processor', 'accounts'];
const AMOUNT_MINOR = 1_099n;

export interface Drain {
  readonly payments: number;
  /** From the first payment priced until the last one committed and published. */
  readonly seconds: number;
  readonly perSecond: number;
  /** The same, from the moment both apps said that they were ready. */
  readonly use: ProcessorUse;
}

export interface DrainRun {
  readonly stack: BenchStack;
  readonly books: BooksWatch;
  readonly messaging: Messaging;
  readonly merchantIds: readonly string[];
  readonly payments: number;
}

/** Leaves processor and accounts running and the books settled. */
export async function measureDrain({ stack, books, messaging, merchantIds, payments }: DrainRun): Promise<Drain> {
  const customers = Array.from({ length: CUSTOMERS }, newCustomerId);
  await stack.start(DRAINING_APPS);
  await fund({ books, messaging, merchantIds, customers, payments });
  await stack.stopApps();

  const before = await books.operations();
  const ends = await messaging.admin.endOffsets('payment.processed');
  await publish(messaging, payments, (index) =>
    requestedRecord(messaging, {
      operation: 'pay',
      merchantId: merchantIds[index % merchantIds.length] ?? '',
      customerId: customers[index % customers.length] ?? '',
      amountMinor: AMOUNT_MINOR,
    }),
  );
  await stack.start(DRAINING_APPS);
  const { use } = await measureUse(stack.pids(), () => books.settled(before + payments));
  const seconds = (Date.now() - (await firstPricedAtMs(messaging, ends))) / 1_000;
  return { payments, seconds, perSecond: payments / seconds, use };
}

interface Funding extends Pick<DrainRun, 'books' | 'messaging' | 'merchantIds' | 'payments'> {
  readonly customers: readonly string[];
}

/** Every customer gets the money for its share of the backlog. */
async function fund({ books, messaging, merchantIds, customers, payments }: Funding): Promise<void> {
  const before = await books.operations();
  const amountMinor = AMOUNT_MINOR * BigInt(Math.ceil(payments / customers.length));
  await publish(messaging, customers.length, (index) =>
    requestedRecord(messaging, {
      operation: 'top_up',
      merchantId: merchantIds[0] ?? '',
      customerId: customers[index] ?? '',
      amountMinor,
    }),
  );
  await books.settled(before + customers.length);
}

async function publish(
  { createPublisher }: Messaging,
  count: number,
  recordAt: (index: number) => OutgoingRecord,
): Promise<void> {
  const publisher = createPublisher();
  for (let start = 0; start < count; start += RECORDS_PER_PUBLISH) {
    const length = Math.min(RECORDS_PER_PUBLISH, count - start);
    await publisher.publish(Array.from({ length }, (_, index) => recordAt(start + index)));
  }
  await publisher.close();
}

/** When the processor wrote the first of the records beyond `ends`, by its own clock, which is ours too. */
async function firstPricedAtMs({ admin, readRange }: Messaging, ends: readonly bigint[]): Promise<number> {
  const newEnds = await admin.endOffsets('payment.processed');
  const firsts = await Promise.all(
    ends.map(async (from, partition) => {
      const before = newEnds[partition] ?? from;
      for await (const [first] of readRange({ topic: 'payment.processed', partition, from, before })) {
        if (first !== undefined) return Number(first.timestampMs);
      }
      return Number.POSITIVE_INFINITY;
    }),
  );
  return Math.min(...firsts);
}
