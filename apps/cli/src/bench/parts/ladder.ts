// Measures what one payment costs, and how long its outcome takes, at one steady rate after the other.

import type { Bench } from '../bench.ts';
import type { Row } from '../rows.ts';
import { measureLoad } from '../steady-load.ts';

export async function measureLadder(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const perSecond of bench.settings.rates) {
    const { gatewayUrl } = bench.stack;
    const job = {
      kind: 'open',
      gatewayUrl,
      targets: bench.uniform,
      perSecond,
      keyPrefix: `ladder-${perSecond}`,
    } as const;
    rows.push(await measureLoad({ bench, name: `${perSecond}/s`, job }));
  }
  return rows;
}
