// Sees to it that an operation ends once: nothing is on its way, or final again, that was final before.

import type { Differences } from './differences.ts';
import type { Decided } from './partition-cursor.ts';

/** Only what is on its way between two records can end out of order: pay-outs. */
const ON_ITS_WAY = 'pay_out';

export interface Ends {
  /** Judges the next outcome in the order of the books. */
  readonly check: (decided: Decided) => void;
}

export function checkEnds(differences: Differences): Ends {
  const ended = new Set<string>();
  return {
    check: ({ outcome, settled, partition }) => {
      const { operation, operationId, sourceOffset: offset } = outcome;
      if (operation !== ON_ITS_WAY) return;
      if (ended.has(operationId)) {
        const kind = settled === null ? 'progressed_after_settled' : 'settled_twice';
        differences.add({ kind, operationId, partition, offset });
      }
      if (settled !== null) ended.add(operationId);
    },
  };
}
