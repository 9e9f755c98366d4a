// Decides what a customer is told about a decision, in codes and amounts; words and addresses are the notifier's.
import { customerCodeOf, isFailureCode, prefixes } from '@paystream/payments';
import type { Operation } from '@paystream/payments';
import type { CustomerNotification } from '@paystream/topics';
import type { BatchPlace, DecidedRecord } from './place.ts';
import { sourceAndPlace } from './place.ts';

interface Templates {
  succeeded: string;
  failed: string;
}

/** What is told of which operation; of the others the customer hears nothing. */
const templates: Partial<Record<Operation, Templates>> = {
  pay: { succeeded: 'payment_succeeded', failed: 'payment_failed' },
  top_up: { succeeded: 'top_up_succeeded', failed: 'top_up_failed' },
};

/** What the customer is to be told, or null. */
export function toCustomerNotification(decided: DecidedRecord, place: BatchPlace): CustomerNotification | null {
  const { event, decision } = decided;
  const { outcome, failure, effects } = decision;
  // Every operation that got this far is one; the table simply lacks most of them.
  const template = outcome === 'manual_review' ? undefined : templates[event.operation as Operation]?.[outcome];
  if (template === undefined || event.customerId === null) return null;
  const wallet = effects.find(({ after }) => after.kind === 'wallet' && after.ownerId === event.customerId);
  return {
    notificationId: notificationIdOf(event.operationId),
    customerId: event.customerId,
    environment: event.environment,
    merchantId: event.merchantId,
    template,
    operationId: event.operationId,
    paymentId: event.paymentId,
    amountMinor: event.amountMinor,
    currency: event.currency,
    failureCode: failure === null ? null : tellable(failure.code),
    balanceMinor: wallet?.after.postedMinor ?? null,
    occurredAt: place.settledAt,
    ...sourceAndPlace(decided, place),
  };
}

/** The operation's own digits: an operation is decided once, so a second message about it would have the same id. */
function notificationIdOf(operationId: string): string {
  return prefixes.notification + operationId.slice(operationId.indexOf('_'));
}

function tellable(code: string): string {
  return isFailureCode(code) ? customerCodeOf(code) : 'generic_decline';
}
