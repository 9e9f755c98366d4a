// Measures whether a payment costs more when there are many in the books: the same rate before and after they were filled.

import type { Bench } from '../bench.ts';
import type { Row } from '../rows.ts';
import { fundCustomers, publishPayments } from '../stack/requested-payments.ts';
import { measureLoad, rest } from '../steady-load.ts';

const PER_SECOND = 50;
/** Books are "empty" with this share of what fills them: caches and statistics of a table with no rows are another matter. */
const START_SHARE = 0.1;
/** Published at once; the apps are as far behind as that. */
const PAYMENTS_PER_FILL = 100_000;
/** Gateway and notifier follow the books, the notifier slowest. */
const REST_SECONDS_MAX = 3_600;

export async function measureGrowth(bench: Bench): Promise<Row[]> {
  const { growthPayments } = bench.settings;
  await bench.stack.start();
  const few = await measureAt(bench, 'few', Math.ceil(growthPayments * START_SHARE));
  const full = await measureAt(bench, 'full', growthPayments);
  const [before, after] = [few.figures['cpu_ms'], full.figures['cpu_ms']];
  const growth = typeof before === 'number' && typeof after === 'number' ? after / before : null;
  return [few, { ...full, figures: { ...full.figures, growth } }];
}

async function measureAt(bench: Bench, name: string, payments: number): Promise<Row> {
  await fillUpTo(bench, payments);
  await rest(bench, REST_SECONDS_MAX);
  const operations = await bench.books.operations();
  const { gatewayUrl } = bench.stack;
  const load = { gatewayUrl, targets: bench.uniform, perSecond: PER_SECOND, keyPrefix: `growth-${name}` };
  const row = await measureLoad({ bench, name, job: { kind: 'open', ...load } });
  return { ...row, figures: { operations, ...row.figures } };
}

/** Until so many operations are in the books; those that earlier parts put there count. */
async function fillUpTo(bench: Bench, operations: number): Promise<void> {
  const merchantIds = bench.merchants.map(({ merchant_id: id }) => id);
  for (let have = await bench.books.operations(); have < operations; have = await bench.books.operations()) {
    bench.signal.throwIfAborted();
    const payments = Math.min(PAYMENTS_PER_FILL, operations - have);
    const customers = await fundCustomers(bench, payments);
    await publishPayments(bench, { customers, merchantIds, payments });
    await bench.books.settled(have + customers.length + payments);
  }
}
