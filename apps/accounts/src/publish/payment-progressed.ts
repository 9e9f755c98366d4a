// Turns an admitted operation into payment.progressed: it is decided here, and on its way outside.
import type { PaymentProgressed } from '@paystream/topics';
import { toAccountState } from './account-state.ts';
import type { BatchPlace, DecidedRecord } from './place.ts';
import { sourceAndPlace } from './place.ts';

/** What is known before the operation's second pass settles it. */
export function toPaymentProgressed(decided: DecidedRecord, place: BatchPlace): PaymentProgressed {
  const { event } = decided;
  return {
    operationId: event.operationId,
    operation: event.operation,
    paymentId: event.paymentId,
    environment: event.environment,
    merchantId: event.merchantId,
    customerId: event.customerId,
    amountMinor: event.amountMinor,
    currency: event.currency,
    status: 'in_transit',
    occurredAt: place.settledAt,
    actionType: null,
    actionReference: null,
    provider: event.route?.provider ?? null,
    expiresAt: null,
    balances: decided.decision.effects.map(toAccountState),
    ...sourceAndPlace(decided, place),
  };
}
