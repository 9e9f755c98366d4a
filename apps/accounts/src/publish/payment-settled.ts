// Turns a decision into payment.settled: what became of the operation, and where it left the accounts and the payment.
import type { Payment } from '@paystream/ledger';
import type { PaymentSettled, PaymentTotals } from '@paystream/topics';
import { toAccountState } from './account-state.ts';
import type { BatchPlace, DecidedRecord } from './place.ts';
import { sourceAndPlace } from './place.ts';

/** The one final event of an operation, failed ones included. */
export function toPaymentSettled(decided: DecidedRecord, place: BatchPlace): PaymentSettled {
  const { event, decision } = decided;
  const { outcome, failure, payment } = decision;
  return {
    operationId: event.operationId,
    operation: event.operation,
    paymentId: event.paymentId,
    environment: event.environment,
    merchantId: event.merchantId,
    customerId: event.customerId,
    amountMinor: event.amountMinor,
    currency: event.currency,
    status: outcome,
    paymentStatus: payment?.status ?? outcome,
    requestedAt: event.requestedAt,
    settledAt: place.settledAt,
    rulesVersion: event.rulesVersion,
    method: event.method,
    fees: [...decision.fees],
    fx: decision.fx,
    failure,
    payment: payment === null ? null : toTotals(payment),
    balances: decision.effects.map(toAccountState),
    outcome: event.outcome,
    fact: event.fact,
    decisions: rulesAsked(decided),
    ...sourceAndPlace(decided, place),
  };
}

/** The rules that were asked on the way, the processor's first; null when there was none. */
function rulesAsked({ event, decision }: DecidedRecord): PaymentSettled['decisions'] {
  const asked = [...(event.decisions ?? []), ...decision.decisions];
  return asked.length === 0 ? null : asked;
}

function toTotals(payment: Payment): PaymentTotals {
  return {
    authorizedMinor: payment.authorizedMinor,
    capturedMinor: payment.capturedMinor,
    capturePendingMinor: payment.capturePendingMinor,
    refundedMinor: payment.refundedMinor,
    refundPendingMinor: payment.refundPendingMinor,
    disputedMinor: payment.disputedMinor,
  };
}
