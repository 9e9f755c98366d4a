// Makes verdicts: what most of them leave alone is left out.
import type { FailureCode, FailureStage } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { Needs, ProcessedOperation, Verdict } from './model.ts';

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

/** The payment that a record is about, when it is not the first of one: whatever becomes of it, it says where that stands. */
export function needsPaymentOf({ operationId, paymentId }: ProcessedOperation): Needs {
  return { ...NO_NEEDS, paymentId: paymentId === operationId ? null : paymentId };
}

/** An operation that looks at nothing but its accounts. */
export const NO_NEEDS: Needs = { paymentId: null, disputeId: null, operationId: null, spendsOf: null };
