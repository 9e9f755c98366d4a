// Says what an operation may do to the books, and makes such verdicts: what most of them leave alone is left out.
import type { FailureCode, FailureStage } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { FeeLine } from '@paystream/pricing';
import type { AccountStatus } from './account.ts';
import type { Dispute, Payment } from './payment.ts';
import type { Posting } from './posting.ts';
import type { Conversion, OperationFailure } from './processed-operation.ts';

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

/** `admitted`: decided in the books and on its way outside; how it ends is reported from there. */
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
  /** Operation that was on its way and is ended by it, which settles in that one's name; null when it ends none. */
  readonly ends: string | null;
  /** True for what has happened outside: it is posted whatever stands in its way. */
  readonly cannotBeDeclined: boolean;
}

const NOTHING: Omit<Verdict, 'outcome'> = {
  failure: null,
  postings: [],
  holds: [],
  settings: [],
  payment: null,
  dispute: null,
  correctionOf: null,
  fees: [],
  fx: null,
  spentFrom: null,
  ends: null,
  cannotBeDeclined: false,
};

export function succeeded(changes: Partial<Verdict> = {}): Verdict {
  return { ...NOTHING, outcome: 'succeeded', ...changes };
}

/** Nothing is posted. */
export function declined(code: FailureCode, stage?: FailureStage): Verdict {
  return { ...NOTHING, outcome: 'failed', failure: failureOf(code, stage) };
}

/** What has happened outside, and is not as the books expected it. */
export function forReview(changes: Partial<Verdict> = {}): Verdict {
  return { ...NOTHING, outcome: 'manual_review', cannotBeDeclined: true, ...changes };
}

/** What has happened outside, as expected. */
export function happened(changes: Partial<Verdict> = {}): Verdict {
  return { ...NOTHING, outcome: 'succeeded', cannotBeDeclined: true, ...changes };
}
