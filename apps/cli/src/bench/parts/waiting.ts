// Measures merchants that wait for each outcome before they send the next payment: few and many, spread and on one merchant.

import type { Bench } from '../bench.ts';
import { WAIT_SECONDS } from '../generator/open-loop.ts';
import type { Row } from '../rows.ts';
import { withHotShare } from '../rows.ts';
import { measureLoad } from '../steady-load.ts';

const CONNECTIONS = [16, 64];

export async function measureWaiting(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const measure = (name: 'uniform' | 'hot'): Promise<Row> =>
      measureLoad({
        bench,
        name: `${connections} ${name}`,
        job: {
          kind: 'closed',
          gatewayUrl: bench.stack.gatewayUrl,
          targets: bench[name],
          connections,
          waitSeconds: WAIT_SECONDS,
          keyPrefix: `waiting-${connections}-${name}`,
        },
      });
    const uniform = await measure('uniform');
    rows.push(uniform, withHotShare(await measure('hot'), uniform));
  }
  return rows;
}
