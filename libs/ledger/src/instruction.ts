// Says what a record becomes once it is read: an instruction to the books, which names what it needs before it decides.
import type { Account } from './account.ts';
import type { Dispute, Payment, PaymentTerms } from './payment.ts';
import type { ProcessedOperation } from './processed-operation.ts';
import type { Outcome, Verdict } from './verdict.ts';

/** The books as a decision finds them. */
export interface BooksView {
  /** @throws Error when the instruction did not name the account beforehand */
  account(accountId: string): Account;
  payment(paymentId: string): Payment | undefined;
  dispute(disputeId: string): Dispute | undefined;
  /** How an operation of this partition was decided, a pay-out in its last pass so far; undefined when it was not. */
  outcomeOf(operationId: string): Outcome | undefined;
  /** Whether an operation was corrected. */
  isCorrected(operationId: string): boolean;
}

/** What of the books has to be read before an instruction is decided, beside its accounts. */
export interface Needs {
  /** Payment or pay-out whose row it is about; null for a payment's first operation and where there is none. */
  readonly paymentId: string | null;
  readonly disputeId: string | null;
  /** Operation whose last decision it asks for, and whether that was corrected. */
  readonly operationId: string | null;
  /** Whose earlier operations its velocity rules look at; null when it carries none. See `spendSubject` in limits.ts. */
  readonly spendsOf: string | null;
}

/** The payment that a record is about, when it is not the first of one: whatever becomes of it, it says where that stands. */
export function needsPaymentOf({ operationId, paymentId }: ProcessedOperation): Needs {
  return { ...NO_NEEDS, paymentId: paymentId === operationId ? null : paymentId };
}

/** An operation that looks at nothing but its accounts. */
export const NO_NEEDS: Needs = { paymentId: null, disputeId: null, operationId: null, spendsOf: null };

/** A record found legal: which accounts it is about, and how it is decided once they are locked. */
export interface Instruction {
  readonly asked: ProcessedOperation;
  readonly needs: Needs;
  /** The payment or pay-out it begins, if it succeeds: what follows in the same batch finds its accounts by it. */
  readonly opens: PaymentTerms | null;
  /** Every account it may touch; from the record and the payment's unchanging terms alone, for they are locked first. */
  accountsOf(terms: PaymentTerms | undefined): readonly string[];
  /** What it does to the books when no account stands in its way. */
  decide(books: BooksView): Verdict;
}

/** What a record turns out to be: an instruction, or poison with the reason why it never can be one. */
export type Reading =
  | { readonly legal: true; readonly instruction: Instruction }
  | { readonly legal: false; readonly reason: string };

export function legal(instruction: Instruction): Reading {
  return { legal: true, instruction };
}

export function illegal(reason: string): Reading {
  return { legal: false, reason };
}
