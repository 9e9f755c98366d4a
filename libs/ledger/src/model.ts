// Says what a record of payment.processed asks of the books, and what an operation may do to them.
import type { Failure } from '@paystream/payments';
import type { FeeLine } from '@paystream/pricing';
import type { Account } from './account.ts';

/** Why an operation failed, as events carry it: the words of a newer writer are kept as they came. */
export type OperationFailure = { [Field in keyof Failure]: Failure[Field] extends string ? string : Failure[Field] };

/** What the books need of a `payment.processed` value; a decoded record fits as it is. */
export interface ProcessedOperation {
  readonly operationId: string;
  readonly operation: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  /** 1: the processor's record. 2: the provider's outcome. */
  readonly pass: number;
  readonly kind: string;
  readonly rulesVersion: number;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly method: { readonly type: string } | null;
  readonly sourceCurrency: string | null;
  readonly fees: readonly Readonly<FeeLine>[];
  readonly fx: object | null;
  readonly route: object | null;
  readonly failure: OperationFailure | null;
}

/** Moves an amount above zero from one account to another of the same currency: it cannot be out of balance. */
export interface Posting {
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly currency: string;
  /** Above zero. */
  readonly amountMinor: bigint;
}

/** Sets funds aside (above zero) or gives them back (below zero), without a posting. */
export interface HoldChange {
  readonly accountId: string;
  readonly heldChangeMinor: bigint;
}

/** What of a payment never changes: follow-ups find their accounts, rates and fees here. */
export interface PaymentTerms {
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly rulesVersion: number;
  readonly fees: readonly Readonly<FeeLine>[];
}

/** A payment and where its money is, in minor units of its currency. */
export interface Payment extends PaymentTerms {
  readonly status: string;
  readonly authorizedMinor: bigint;
  readonly capturedMinor: bigint;
  readonly capturePendingMinor: bigint;
  readonly refundedMinor: bigint;
  readonly refundPendingMinor: bigint;
  readonly disputedMinor: bigint;
}

export type Outcome = 'succeeded' | 'failed' | 'manual_review';

/** What an operation does to the books. A failed one may still post: what was set aside for a provider goes back. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Set when it failed. */
  readonly failure: OperationFailure | null;
  readonly postings: readonly Posting[];
  readonly holds: readonly HoldChange[];
  /** The payment after it; null when it changes none. */
  readonly payment: Payment | null;
}

/** The books as a decision finds them. */
export interface BooksView {
  /** @throws Error when the instruction did not name the account beforehand */
  account(accountId: string): Account;
  payment(paymentId: string): Payment | undefined;
}

/** A record found legal: which accounts it is about, and how it is decided once they are locked. */
export interface Instruction {
  readonly asked: ProcessedOperation;
  /** Payment whose row has to be read beforehand; null for a payment's first operation and where there is none. */
  readonly paymentId: string | null;
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
