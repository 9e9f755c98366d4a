// Measures what the broker alone gives this machine: records produced with all acknowledgements, and records read.

import { connectMessaging } from '../../connect.ts';
import type { BenchStack } from '../stack/bench-stack.ts';
import { newCustomerId, requestedRecord } from '../stack/requested.ts';

const TOPIC = 'payment.requested';
const RECORDS_PER_PUBLISH = 2_000;
const CUSTOMERS = 1_000;

export interface LogLimits {
  readonly records: number;
  readonly producedPerSecond: number;
  readonly consumedPerSecond: number;
}

/** Uses topics of its own, of the same contracts, so that the books stay what they are. */
export async function measureLogLimits({ addresses, partitions }: BenchStack, records: number): Promise<LogLimits> {
  const messaging = await connectMessaging({ ...addresses, kafka_topic_prefix: 'bench-limits.' });
  try {
    await messaging.admin.applyContracts({ paymentPartitions: partitions });
    const customers = Array.from({ length: CUSTOMERS }, newCustomerId);
    const asked = { operation: 'pay', merchantId: newCustomerId().replace('cus', 'mer'), amountMinor: 1_099n } as const;
    const batch = Array.from({ length: RECORDS_PER_PUBLISH }, (_, index) =>
      requestedRecord(messaging, { ...asked, customerId: customers[index % CUSTOMERS] ?? '' }),
    );
    const publisher = messaging.createPublisher();
    await publisher.publish(batch);
    const producedPerSecond = await rateOf(records, async () => {
      for (let sent = 0; sent < records; sent += batch.length) await publisher.publish(batch);
    });
    await publisher.close();

    const ends = await messaging.admin.endOffsets(TOPIC);
    const read = async (partition: number): Promise<number> => {
      let count = 0;
      const range = { topic: TOPIC, partition, from: 0n, before: ends[partition] ?? 0n };
      for await (const chunk of messaging.readRange(range)) count += chunk.length;
      return count;
    };
    const consumedPerSecond = await rateOf(records + batch.length, () =>
      Promise.all(ends.map((_, index) => read(index))),
    );
    return { records, producedPerSecond, consumedPerSecond };
  } finally {
    await messaging.close();
  }
}

async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1_000);
}
