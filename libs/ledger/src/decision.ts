// Says what the fold answers: one decision per record, and the rows that a batch of them changes.
import type { Account } from './account.ts';
import type { OperationFailure, Outcome, Payment, Posting, ProcessedOperation } from './model.ts';

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
  /** The payment after it; null where there is none. */
  readonly payment: Payment | null;
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
  /** Changed and new payments, by id. */
  readonly payments: readonly Payment[];
}
