// Decides a batch: a pure, synchronous fold over its records in order of offset, each seeing what those before it left.
import type { Account } from './account.ts';
import type { Decision, FoldedBatch } from './decision.ts';
import { decideInstruction } from './decide-instruction.ts';
import type { Outcome, ProcessedOperation, Reading, Spend } from './model.ts';
import { openBooks } from './open-books.ts';
import type { Dispute, Payment } from './payment.ts';

/** The books as a batch finds them, everything locked that others may change. */
export interface LedgerState {
  /** Every account that an instruction of the batch names. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** The payments and pay-outs that instructions of the batch name, as far as they exist. */
  readonly payments: ReadonlyMap<string, Payment>;
  /** The disputes that instructions of the batch name, as far as they exist. */
  readonly disputes: ReadonlyMap<string, Dispute>;
  /** Of the batch's operations, the `operationKey`s of those decided before. */
  readonly decided: ReadonlySet<string>;
  /** Of the operations that instructions name, how those of this partition were decided in their first pass. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Of the operations that instructions name, those that were corrected. */
  readonly corrected: ReadonlySet<string>;
  /** Earlier operations by the subjects of the batch's velocity rules; older than every rule's window may be missing. */
  readonly spends: ReadonlyMap<string, readonly Spend[]>;
}

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
