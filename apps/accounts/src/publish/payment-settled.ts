// Turns a decision into payment.settled: what became of the operation, and where it left the accounts and the payment.
import type { AccountEffect, Payment } from '@paystream/ledger';
import type { AccountState, PaymentSettled, PaymentTotals } from '@paystream/topics';
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
    // A failed operation took no fee and converted nothing.
    fees: outcome === 'succeeded' ? event.fees : [],
    fx: outcome === 'succeeded' ? event.fx : null,
    failure,
    payment: payment === null ? null : toTotals(payment),
    balances: decision.effects.map(toAccountState),
    outcome: event.outcome,
    fact: event.fact,
    decisions: event.decisions,
    ...sourceAndPlace(decided, place),
  };
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

function toAccountState({ before, after, ownerId, counterpartyId }: AccountEffect): AccountState {
  return {
    accountId: after.id,
    kind: after.kind,
    ownerId,
    currency: after.currency,
    postedChangeMinor: after.postedMinor - before.postedMinor,
    heldChangeMinor: after.heldMinor - before.heldMinor,
    postedMinor: after.postedMinor,
    heldMinor: after.heldMinor,
    version: after.version,
    changed: after.version !== before.version,
    counterpartyId,
    status: after.status,
    overdraftMinor: after.overdraftMinor,
  };
}
