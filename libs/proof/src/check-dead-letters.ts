// Judges dead letters: a record that was lawful and that nothing else has decided was lost there.

import { LOOKUP_SIZE_MAX } from './check-repetitions.ts';
import type { Differences } from './differences.ts';
import type { AskedOperation } from './inputs.ts';
import type { Undecided } from './partition-cursor.ts';
import { whyMisplaced } from './record-key.ts';
import type { Books } from './rows.ts';
import type { Circumstances } from './rules.ts';
import { ruleOn } from './rules.ts';
import { whyNotWellFormed } from './rules/well-formed.ts';

export interface DeadLetters {
  /** Judges the record by the books as they are; whether it is lawful, which it returns, does not depend on them. */
  readonly add: (record: Undecided, circumstances: Circumstances) => Promise<boolean>;
  /** Reports what is still waiting. */
  readonly finish: () => Promise<void>;
}

interface Lawful {
  readonly partition: number;
  readonly offset: bigint;
  readonly operation: AskedOperation;
  readonly status: string;
}

export function checkDeadLetters(findOperations: Books['findOperations'], differences: Differences): DeadLetters {
  let waiting: Lawful[] = [];

  const report = async (): Promise<void> => {
    const lawful = waiting;
    waiting = [];
    const ids = [...new Set(lawful.map(({ operation }) => operation.operationId))];
    const rows = ids.length === 0 ? [] : await findOperations(ids);
    const decided = new Set(rows.map(keyOf));
    for (const { partition, offset, operation, status } of lawful) {
      // Sent again, it was decided at another offset.
      if (decided.has(keyOf(operation))) continue;
      const { operationId } = operation;
      differences.add({ kind: 'lawful_dead_lettered', operationId, partition, offset, status });
    }
  };

  return {
    add: async ({ partition, offset, operation, key }, circumstances) => {
      if (operation === null || (key !== null && whyMisplaced(operation, key, partition) !== null)) return false;
      const ruling = ruleOn(operation, circumstances);
      if (ruling.kind === 'unlawful' || whyNotWellFormed(operation) !== null) return false;
      waiting.push({ partition, offset, operation, status: ruling.status });
      if (waiting.length >= LOOKUP_SIZE_MAX) await report();
      return true;
    },
    finish: report,
  };
}

function keyOf({ operationId, pass }: { readonly operationId: string; readonly pass: number }): string {
  return `${operationId}/${pass}`;
}
