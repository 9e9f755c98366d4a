// Measures how fast a backlog of requested payments goes through processor and accounts, with nothing else running.

import type { Messaging } from '@paystream/messaging';
import type { Bench } from '../bench.ts';
import { between, readCounters, stackCpuSeconds } from '../counters/counters.ts';
import { residentMegabytes } from '../counters/resident-memory.ts';
import type { Row } from '../rows.ts';
import { coresOf, processesOf, withHotShare } from '../rows.ts';
import { fundCustomers, publishPayments } from '../stack/requested-payments.ts';

const DRAINING_APPS = ['processor', 'accounts'];

/** Leaves no app running but processor and accounts, and the books settled. */
export async function measureBacklog(bench: Bench): Promise<Row[]> {
  const merchantIds = bench.merchants.map(({ merchant_id: id }) => id);
  await bench.stack.stopApps();
  const uniform = await drain(bench, 'uniform', merchantIds);
  const hot = await drain(bench, 'hot', merchantIds.slice(0, 1));
  return [uniform, withHotShare(hot, uniform)];
}

/** Counts from the first payment priced until the last one is committed and published. */
async function drain(bench: Bench, name: string, merchantIds: readonly string[]): Promise<Row> {
  const { stack, books, messaging, settings } = bench;
  const payments = settings.backlog;
  await stack.start(DRAINING_APPS);
  const customers = await fundCustomers(bench, payments);
  await stack.stopApps();

  const before = await books.operations();
  const ends = await messaging.admin.endOffsets('payment.processed');
  await publishPayments(bench, { customers, merchantIds, payments });
  await stack.start(DRAINING_APPS);
  // Processor time counts from the moment both apps say that they are ready.
  const start = await readCounters(bench.sources(), 'start');
  await books.settled(before + payments);
  const seconds = (Date.now() - (await firstPricedAtMs(messaging, ends))) / 1_000;
  const counted = between(start, await readCounters(bench.sources(), 'end'));
  return {
    name,
    figures: {
      per_second: payments / seconds,
      cpu_with_idle_ms: (stackCpuSeconds(counted) * 1_000) / payments,
      ...coresOf(counted),
    },
    processes: processesOf(counted, await residentMegabytes(stack.pids())),
    requests: {},
    trouble: {},
    doubts: [],
  };
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
