// Says what a record of payment.processed asks of the books, and what an operation may do to them.
import type { Failure } from '@paystream/payments';
import type { ConversionTerms, FeeLine } from '@paystream/pricing';
import type { Account, AccountStatus } from './account.ts';
import type { Dispute, Payment, PaymentTerms } from './payment.ts';

/** Why an operation failed, as events carry it: the words of a newer writer are kept as they came. */
export type OperationFailure = { [Field in keyof Failure]: Failure[Field] extends string ? string : Failure[Field] };

/** A conversion as events carry it; money is computed from its terms, the rest is what came of them. */
export interface Conversion extends ConversionTerms {
  readonly fromAmountMinor: bigint;
  readonly toAmountMinor: bigint;
  readonly markupMinor: bigint;
  readonly roundingMinor: bigint;
  readonly roundingCurrency: string;
  readonly rateSource: string;
  readonly ratePublishedAt: bigint;
  readonly quoteId: string | null;
}

/** A rule over what a customer did at a merchant lately. */
export interface VelocityRule {
  readonly ruleId: string;
  readonly ruleVersion: bigint;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly count: bigint | null;
  readonly windowSeconds: bigint;
}

/** A limit or rule that was asked, as events carry it. */
export interface RuleDecision {
  ruleId: string;
  ruleVersion: bigint;
  /** allow | refuse | review */
  decision: string;
  reasonCode: string | null;
  /** A count, or minor units of `currency`. */
  observed: bigint | null;
  bound: bigint | null;
  currency: string | null;
}

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
  /** priced | refused | outcome | fact */
  readonly kind: string;
  readonly rulesVersion: number;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  /** Microseconds since the epoch, UTC: the time every rule judges by. */
  readonly requestedAt: bigint;
  readonly method: { readonly type: string } | null;
  readonly sourceCurrency: string | null;
  readonly authorize: { readonly expiresAt: bigint | null } | null;
  readonly capture: { readonly final: boolean } | null;
  readonly refund: { readonly rateChoice: string | null } | null;
  readonly transfer: {
    readonly legs: readonly { readonly payeeCustomerId: string; readonly amountMinor: bigint }[];
    readonly platformFeeMinor: bigint | null;
  } | null;
  readonly payOut: { readonly payeeType: string } | null;
  readonly account: {
    readonly accountId: string;
    readonly overdraftMinor: bigint | null;
    readonly dailyAmountMinor: bigint | null;
    readonly dailyCount: bigint | null;
  } | null;
  readonly correction: {
    readonly ofOperationId: string;
    readonly lines: readonly {
      readonly debitAccountId: string;
      readonly creditAccountId: string;
      readonly currency: string;
      readonly amountMinor: bigint;
    }[];
  } | null;
  readonly fees: readonly Readonly<FeeLine>[];
  readonly fx: Conversion | null;
  readonly route: object | null;
  readonly failure: OperationFailure | null;
  readonly outcome: {
    /** approved | declined */
    readonly status: string;
    readonly amountMinor: bigint | null;
    readonly currency: string | null;
  } | null;
  readonly fact: {
    readonly type: string;
    readonly provider: string;
    readonly disputeId: string | null;
    readonly amountMinor: bigint | null;
    readonly feeMinor: bigint | null;
    readonly currency: string | null;
  } | null;
  readonly velocity: readonly VelocityRule[] | null;
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

/** A command upon an account: what of its row is to be another from now on. */
export interface SettingsChange {
  readonly accountId: string;
  readonly status?: AccountStatus;
  readonly overdraftMinor?: bigint;
  readonly dailyAmountMinor?: bigint | null;
  readonly dailyCount?: bigint | null;
}

/** `admitted`: decided in the books and on its way outside; how it ends is told by its second pass. */
export type Outcome = 'succeeded' | 'failed' | 'manual_review' | 'admitted';

/** What an operation does to the books. A failed one may still post: what was set aside for a provider goes back. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Set when it failed. */
  readonly failure: OperationFailure | null;
  readonly postings: readonly Posting[];
  readonly holds: readonly HoldChange[];
  readonly settings: readonly SettingsChange[];
  /** The payment or pay-out after it; null when it changes none. */
  readonly payment: Payment | null;
  /** The dispute after it; null when it changes none. */
  readonly dispute: Dispute | null;
  /** Operation it corrects, for good; null when it corrects none. */
  readonly correctionOf: string | null;
  /** Fees taken by it, or given back (below zero). */
  readonly fees: readonly Readonly<FeeLine>[];
  /** Conversion made by it. */
  readonly fx: Conversion | null;
  /** Whose daily limits and velocity it counts to: the account it is spent from; null where none is asked. */
  readonly spentFrom: string | null;
  /** True for what has happened outside: it is posted whatever stands in its way. */
  readonly cannotBeDeclined: boolean;
}

/** An earlier operation of a customer at a merchant that counts to velocity rules. */
export interface Spend {
  /** Microseconds since the epoch, UTC. */
  readonly requestedAt: bigint;
  readonly currency: string;
  readonly amountMinor: bigint;
}

/** The books as a decision finds them. */
export interface BooksView {
  /** @throws Error when the instruction did not name the account beforehand */
  account(accountId: string): Account;
  payment(paymentId: string): Payment | undefined;
  dispute(disputeId: string): Dispute | undefined;
  /** How an operation of this partition was decided in its first pass; undefined when it was not. */
  outcomeOf(operationId: string): Outcome | undefined;
  /** Whether an operation was corrected. */
  isCorrected(operationId: string): boolean;
}

/** What of the books has to be read before an instruction is decided, beside its accounts. */
export interface Needs {
  /** Payment or pay-out whose row it is about; null for a payment's first operation and where there is none. */
  readonly paymentId: string | null;
  readonly disputeId: string | null;
  /** Operation whose first decision it asks for, and whether that was corrected. */
  readonly operationId: string | null;
  /** Whose earlier operations its velocity rules look at; null when it carries none. See `spendSubject`. */
  readonly spendsOf: string | null;
}

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
