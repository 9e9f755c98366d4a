// Captures what is held, or lets it go: capture, cancel and expire.

import type { AskedOperation } from '../inputs.ts';
import { hold } from '../movements.ts';
import type { Payment } from '../payments.ts';
import { amountOf } from './lawful.ts';
import { priceAt } from './price.ts';
import type { Proposal, Scene } from './proposal.ts';
import { decline, succeed, unlawful } from './proposal.ts';
import { take, walletOf } from './take.ts';

export function capture(asked: AskedOperation, { payment, names }: Scene): Proposal {
  const amount = amountOf(asked);
  if (typeof amount === 'string') return unlawful(amount);
  if (asked.capture === null) return unlawful('it has no terms of a capture');
  if (payment === undefined || !isOpen(payment)) return decline(whyClosed(payment));
  const { terms, capturedMinor: before } = payment;
  if (amount.currency !== terms.currency) return decline('payment_not_capturable');
  const capturedMinor = before + amount.amountMinor;
  if (capturedMinor > payment.authorizedMinor) return decline('exceeds_authorized_amount');

  const isLast = asked.capture.final || capturedMinor === payment.authorizedMinor;
  const { movements, fees, costMinor } = take(terms, names, before, capturedMinor);
  return succeed({
    movements,
    fees,
    holds: hold(walletOf(terms, names), isLast ? -heldMinor(payment) : -costMinor),
    payment: { ...payment, capturedMinor, status: isLast ? 'succeeded' : 'partially_captured' },
  });
}

export function cancel(_asked: AskedOperation, scene: Scene): Proposal {
  return release(scene, 'canceled');
}

export function expire({ requestedAt }: AskedOperation, scene: Scene): Proposal {
  const { payment } = scene;
  const expiresAt = payment?.terms.expiresAt ?? null;
  const isDue = expiresAt !== null && requestedAt >= expiresAt;
  if (payment !== undefined && isOpen(payment) && !isDue) return decline('payment_not_capturable');
  return release(scene, 'expired');
}

function release({ payment, names }: Scene, status: string): Proposal {
  if (payment === undefined || !isOpen(payment)) return decline(whyClosed(payment));
  return succeed({
    holds: hold(walletOf(payment.terms, names), -heldMinor(payment)),
    payment: { ...payment, status: payment.capturedMinor > 0n ? 'succeeded' : status },
  });
}

/** All that is still held for the payment. */
function heldMinor({ terms, authorizedMinor, capturedMinor }: Payment): bigint {
  return priceAt(terms, authorizedMinor).costMinor - priceAt(terms, capturedMinor).costMinor;
}

function isOpen({ status }: Payment): boolean {
  return status === 'authorized' || status === 'partially_captured';
}

const AFTER_CAPTURE = new Set(['succeeded', 'partially_refunded', 'refunded', 'disputed', 'charged_back']);

function whyClosed(payment: Payment | undefined): string {
  if (payment === undefined) return 'payment_not_capturable';
  if (AFTER_CAPTURE.has(payment.status)) return 'already_captured';
  if (payment.status === 'canceled') return 'already_voided';
  return payment.status === 'expired' ? 'hold_expired' : 'payment_not_capturable';
}
