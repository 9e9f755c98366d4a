// Measures what the machine could do at best, in the same run: bare posting, bare produce and consume.

import type { Bench } from '../bench.ts';
import type { Row } from '../rows.ts';
import { figuresRow } from '../rows.ts';
import { measurePosting } from './limits-database.ts';
import { measureLogLimits } from './limits-log.ts';

const PAYMENTS_PER_TRANSACTION = [500, 2_000];

/** Leaves no app running. */
export async function measureLimits({ stack, adminUrl, settings }: Bench): Promise<Row[]> {
  await stack.stopApps();
  const rows: Row[] = [];
  for (const payments of PAYMENTS_PER_TRANSACTION) {
    const perSecond = await measurePosting(adminUrl, payments, settings.limitSeconds);
    rows.push(figuresRow(`posting, ${payments} a transaction`, { per_second: perSecond }));
  }
  const { producedPerSecond, consumedPerSecond } = await measureLogLimits(stack, settings.limitRecords);
  rows.push(figuresRow('produce, all acknowledgements', { per_second: producedPerSecond }));
  rows.push(figuresRow('consume', { per_second: consumedPerSecond }));
  return rows;
}
