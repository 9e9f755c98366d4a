// Says what the fold answers: one decision per record, and the rows that a batch of them changes.
import type { FeeLine } from '@paystream/pricing';
import type { RuleDecision } from '@paystream/risk';
import type { Account } from './account.ts';
import type { Spend } from './limits.ts';
import type { Dispute, Payment } from './payment.ts';
import type { Posting } from './posting.ts';
import type { Conversion, OperationFailure, ProcessedOperation } from './processed-operation.ts';
import type { Outcome } from './verdict.ts';

/** An owner's account that a decision read or changed. */
export interface AccountEffect {
  /** As the decision found it. */
  readonly before: Account;
  /** As it left it; the same object when it was only read. */
  readonly after: Account;
  /** cus_… or mer_… */
  readonly ownerId: string;
  /** Owner at the other end of a posting; null when that is the house, or nothing was posted. */
  readonly counterpartyId: string | null;
}

/** The first record of an (operation id, pass): decided, for good. */
export interface Decided {
  readonly kind: 'decided';
  /** Place within the batch, counted over its decided records from 0. */
  readonly index: number;
  readonly asked: ProcessedOperation;
  readonly outcome: Outcome;
  /** Set when it failed. */
  readonly failure: OperationFailure | null;
  /** In the order of their lines. */
  readonly postings: readonly Posting[];
  /** Owners' accounts it read or changed, by account id; also on a decline. */
  readonly effects: readonly AccountEffect[];
  /** The payment or pay-out it is about, as it is after it; null where there is none. */
  readonly payment: Payment | null;
  /** Fees taken by it, or given back (below zero). */
  readonly fees: readonly Readonly<FeeLine>[];
  /** Conversion made by it. */
  readonly fx: Conversion | null;
  /** Operation that it ends, and in whose name it settles; null when it settles in its own. */
  readonly ends: string | null;
  /** The limit or rule of the books that refused it; empty when none did. */
  readonly decisions: readonly RuleDecision[];
}

export type Decision =
  | Decided
  /** Its (operation id, pass) was decided by an earlier record: nothing changes. */
  | { readonly kind: 'duplicate' }
  /** Poison: it can never be an instruction to the books. */
  | { readonly kind: 'rejected'; readonly reason: string };

/** What a batch does: a decision per record in order, and every row it changes as it is at the end. */
export interface FoldedBatch {
  readonly decisions: readonly Decision[];
  /** Changed accounts, by id. */
  readonly accounts: readonly Account[];
  /** Payments and pay-outs that the batch began, by id. */
  readonly newPayments: readonly Payment[];
  /** Those that were there before and are changed, by id. */
  readonly changedPayments: readonly Payment[];
  /** New and changed disputes, by id. */
  readonly disputes: readonly Dispute[];
  /** What counts to velocity rules from now on, in order. */
  readonly spends: readonly { readonly subject: string; readonly spend: Spend; readonly index: number }[];
  /** Operations corrected, each for good. */
  readonly corrections: readonly { readonly ofOperationId: string; readonly operationId: string }[];
}
