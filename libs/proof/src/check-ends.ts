// Sees to it that an operation ends once: nothing is on its way, or final again, that was final before.

import type { Differences } from './differences.ts';
import type { Decided } from './partition-cursor.ts';

/** Only what is decided in two passes can end out of order: pay-outs. */
const IN_TWO_PASSES = 'pay_out';
const OUTCOME_PASS = 2;

export interface Ends {
  /** Judges the next outcome in the order of the books. */
  readonly check: (decided: Decided) => void;
}

export function checkEnds(differences: Differences): Ends {
  /** By operation, the pass that was final. */
  const ended = new Map<string, number>();
  return {
    check: ({ outcome, settled, asked, partition }) => {
      const { operation, operationId, sourceOffset: offset } = outcome;
      if (operation !== IN_TWO_PASSES) return;
      const before = ended.get(operationId);
      const pass = asked?.pass ?? 1;
      if (settled === null) {
        if (before !== undefined) differences.add({ kind: 'progressed_after_settled', operationId, partition, offset });
        return;
      }
      // What a provider says of a pay-out that failed here settles it once more, as docs/operations.md has it.
      const isSaidAfterwards = before !== undefined && before < pass && pass === OUTCOME_PASS;
      if (before !== undefined && !isSaidAfterwards) {
        differences.add({ kind: 'settled_twice', operationId, partition, offset });
      }
      ended.set(operationId, pass);
    },
  };
}
