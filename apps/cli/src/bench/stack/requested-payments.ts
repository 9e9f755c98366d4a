// Puts payments onto the log as a gateway would have: for the parts that need many, and no gateway.

import type { Messaging, OutgoingRecord } from '@paystream/messaging';
import type { Bench } from '../bench.ts';
import { newCustomerId, requestedRecord } from './requested.ts';

const CUSTOMERS = 2_000;
const RECORDS_PER_PUBLISH = 2_000;
const AMOUNT_MINOR = 1_099n;

/** New customers with money for so many payments in all; processor and accounts have to run. */
export async function fundCustomers(bench: Bench, payments: number): Promise<readonly string[]> {
  const { books, messaging, merchants } = bench;
  const customers = Array.from({ length: CUSTOMERS }, newCustomerId);
  const before = await books.operations();
  const amountMinor = AMOUNT_MINOR * BigInt(Math.ceil(payments / customers.length));
  await publish(messaging, customers.length, (index) =>
    requestedRecord(messaging, {
      operation: 'top_up',
      merchantId: merchants[0]?.merchant_id ?? '',
      customerId: customers[index] ?? '',
      amountMinor,
    }),
  );
  await books.settled(before + customers.length);
  return customers;
}

export interface Payments {
  readonly customers: readonly string[];
  readonly merchantIds: readonly string[];
  readonly payments: number;
}

/** Resolves when all are on the log; nobody need read them yet. */
export function publishPayments({ messaging }: Bench, { customers, merchantIds, payments }: Payments): Promise<void> {
  return publish(messaging, payments, (index) =>
    requestedRecord(messaging, {
      operation: 'pay',
      merchantId: merchantIds[index % merchantIds.length] ?? '',
      customerId: customers[index % customers.length] ?? '',
      amountMinor: AMOUNT_MINOR,
    }),
  );
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
