// Decides a batch: a pure, synchronous fold over its records in order of offset, each seeing what those before it left.
import type { FailureCode } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { Account } from './account.ts';
import { accountsAfter } from './apply-verdict.ts';
import { compareIds } from './compare-ids.ts';
import type { Decided, Decision, FoldedBatch } from './decision.ts';
import { effectsOf } from './effects.ts';
import type { BooksView, Instruction, Payment, ProcessedOperation, Reading, Verdict } from './model.ts';
import { findObstacle } from './obstacles.ts';

/** The books as a batch finds them, everything locked that others may change. */
export interface LedgerState {
  /** Every account that an instruction of the batch names. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** The payments that instructions of the batch name, as far as they exist. */
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

function decideInstruction(instruction: Instruction, books: OpenBooks, index: number): Decided {
  const { asked, paymentId } = instruction;
  const terms = paymentId === null ? undefined : books.payment(paymentId);
  const named = instruction.accountsOf(terms).map((accountId) => books.account(accountId));

  const wanted = instruction.decide(books);
  const wantedAccounts = accountsAfter(wanted, books.account);
  const obstacle = findFirstObstacle(wantedAccounts, books);
  const verdict = obstacle === null ? wanted : declined(obstacle);
  const changed = obstacle === null ? wantedAccounts : NONE;

  books.write(changed.values(), verdict.payment);
  return {
    kind: 'decided',
    index,
    asked,
    outcome: verdict.outcome,
    failure: verdict.failure,
    postings: verdict.postings,
    effects: effectsOf(named, changed, verdict.postings),
    payment: verdict.payment ?? terms ?? null,
  };
}

const NONE: ReadonlyMap<string, Account> = new Map();

function findFirstObstacle(wanted: ReadonlyMap<string, Account>, books: OpenBooks): FailureCode | null {
  for (const [accountId, after] of wanted) {
    const obstacle = findObstacle(books.account(accountId), after);
    if (obstacle !== null) return obstacle;
  }
  return null;
}

function declined(code: FailureCode): Verdict {
  return { outcome: 'failed', failure: failureOf(code), postings: [], holds: [], payment: null };
}

interface OpenBooks extends BooksView {
  write(accounts: Iterable<Account>, payment: Payment | null): void;
  changes(): Pick<FoldedBatch, 'accounts' | 'payments'>;
}

/** The state with what the fold has written laid over it. */
function openBooks(state: LedgerState): OpenBooks {
  const accounts = new Map<string, Account>();
  const payments = new Map<string, Payment>();
  return {
    account: (accountId) => {
      const account = accounts.get(accountId) ?? state.accounts.get(accountId);
      if (account === undefined) throw new Error(`account ${accountId} was not loaded for this batch`);
      return account;
    },
    payment: (paymentId) => payments.get(paymentId) ?? state.payments.get(paymentId),
    write: (changed, payment) => {
      for (const account of changed) accounts.set(account.id, account);
      if (payment !== null) payments.set(payment.paymentId, payment);
    },
    changes: () => ({
      accounts: [...accounts.values()].toSorted((a, b) => compareIds(a.id, b.id)),
      payments: [...payments.values()].toSorted((a, b) => compareIds(a.paymentId, b.paymentId)),
    }),
  };
}
