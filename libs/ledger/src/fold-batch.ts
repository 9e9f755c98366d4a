// Decides a batch: a pure, synchronous fold over its records in order of offset, each seeing what those before it left.
import { decideInstruction } from './decide-instruction.ts';
import type { Decision, FoldedBatch } from './decision.ts';
import type { Reading } from './instruction.ts';
import type { LedgerState } from './open-books.ts';
import { openBooks } from './open-books.ts';
import type { ProcessedOperation } from './processed-operation.ts';

/** What decides an operation once: of several records with this key, the first by offset counts. */
export function operationKey({ operationId, pass }: Pick<ProcessedOperation, 'operationId' | 'pass'>): string {
  return `${operationId}/${pass}`;
}

/**
 * Folds a batch into the books; changes nothing of what it is given.
 * @throws Error when an account that an instruction names is missing from the state: a fault of the program
 */
export function foldBatch(state: LedgerState, readings: readonly Reading[]): FoldedBatch {
  const books = openBooks(state);
  const decided = new Set(state.decided);
  let index = 0;

  const decide = (reading: Reading): Decision => {
    if (!reading.legal) return { kind: 'rejected', reason: reading.reason };
    const key = operationKey(reading.instruction.asked);
    if (decided.has(key)) return { kind: 'duplicate' };
    decided.add(key);
    const decision = decideInstruction(reading.instruction, books, index);
    index += 1;
    return decision;
  };

  return { decisions: readings.map(decide), ...books.changes() };
}
