// Turns a decision into payment.processed: every input of it is on the event, so that posting is a pure function of it.
import type { RequestDecision } from '@paystream/pricing';
import { RULES_VERSION } from '@paystream/pricing';
import type { PaymentProcessed } from '@paystream/topics';
import type { CheckedRequest } from '../check-request.ts';

/** The processor's record of an operation; a provider's outcome is pass 2. */
const PASS = 1;

/** A decision with what it was decided from. */
export interface Decided {
  request: CheckedRequest;
  decision: RequestDecision;
  /** Version of merchant.updated that was in force; null for the house. */
  merchantVersion: bigint | null;
  /** Our clock, microseconds since the epoch; nothing is decided by it. */
  processedAt: bigint;
}

/** The event of a decision. */
export function toPaymentProcessed({ request, decision, merchantVersion, processedAt }: Decided): PaymentProcessed {
  const { decisions } = decision;
  return {
    ...request,
    pass: PASS,
    kind: decision.kind,
    rulesVersion: RULES_VERSION,
    processedAt,
    merchantVersion,
    route: null,
    outcome: null,
    fact: null,
    decisions: decisions.length === 0 ? null : decisions,
    ...(decision.kind === 'priced' ? toPriced(decision) : toRefused(decision)),
  };
}

type Result = Pick<PaymentProcessed, 'fees' | 'fx' | 'failure' | 'velocity'>;

function toPriced({ fees, fx, velocity }: Extract<RequestDecision, { kind: 'priced' }>): Result {
  return { fees, fx, failure: null, velocity: velocity.length === 0 ? null : velocity };
}

function toRefused({ failure }: Extract<RequestDecision, { kind: 'refused' }>): Result {
  return { fees: [], fx: null, failure, velocity: null };
}
