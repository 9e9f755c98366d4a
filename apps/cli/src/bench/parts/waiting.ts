// Measures merchants that wait for each outcome before they send the next payment: few and many, spread and on one merchant.

import type { Bench } from '../bench.ts';
import { WAIT_SECONDS } from '../generator/open-loop.ts';
import type { Row } from '../rows.ts';
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

function withHotShare(hot: Row, { figures: uniform }: Row): Row {
  const [ours, theirs] = [hot.figures['per_second'], uniform['per_second']];
  const share = typeof ours === 'number' && typeof theirs === 'number' && theirs > 0 ? ours / theirs : null;
  return { ...hot, figures: { ...hot.figures, hot_share: share } };
}
