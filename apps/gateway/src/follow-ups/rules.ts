// Decides, from what is settled, whether a payment may be captured, canceled or refunded: the follow-up gate.
import type { Sums } from '../payments/facts.ts';

/** What the gate knows of the payment. */
export interface Standing {
  status: string;
  sums: Sums;
}

export type FollowUpRefusal =
  | 'payment_not_capturable'
  | 'already_captured'
  | 'already_voided'
  | 'hold_expired'
  | 'exceeds_authorized_amount'
  | 'payment_disputed'
  | 'refund_exceeds_captured';

/** The amount to be taken, or why not. Nothing asked: all that is left. */
export type Allowed = { amountMinor: bigint } | { refusal: FollowUpRefusal };

const HELD: ReadonlySet<string> = new Set(['authorized', 'partially_captured']);
const CAPTURED: ReadonlySet<string> = new Set([
  'succeeded',
  'partially_refunded',
  'refunded',
  'disputed',
  'charged_back',
]);
const REFUNDABLE: ReadonlySet<string> = new Set(['succeeded', 'partially_refunded']);
const DISPUTED: ReadonlySet<string> = new Set(['disputed', 'charged_back']);

export function allowCapture({ status, sums }: Standing, askedMinor: bigint | null): Allowed {
  const refusal = refusalOfHold(status);
  if (refusal !== undefined) return { refusal };
  const leftMinor = sums.authorizedMinor - sums.capturedMinor;
  const amountMinor = askedMinor ?? leftMinor;
  return amountMinor > leftMinor ? { refusal: 'exceeds_authorized_amount' } : { amountMinor };
}

/** Why nothing of the payment is held that could be captured or canceled; undefined when something is. */
export function refusalOfHold(status: string): FollowUpRefusal | undefined {
  if (HELD.has(status)) return undefined;
  if (CAPTURED.has(status)) return 'already_captured';
  if (status === 'canceled') return 'already_voided';
  return status === 'expired' ? 'hold_expired' : 'payment_not_capturable';
}

export function allowRefund({ status, sums }: Standing, askedMinor: bigint | null): Allowed {
  if (DISPUTED.has(status)) return { refusal: 'payment_disputed' };
  const leftMinor = sums.capturedMinor - sums.refundedMinor - sums.disputedMinor;
  const amountMinor = askedMinor ?? leftMinor;
  const isLeft = REFUNDABLE.has(status) && leftMinor > 0n && amountMinor <= leftMinor;
  return isLeft ? { amountMinor } : { refusal: 'refund_exceeds_captured' };
}
