// Decides what customers are told about a decision, in codes and amounts; words and addresses are the notifier's.
import { customerCodeOf, derivedId, isFailureCode, prefixes } from '@paystream/payments';
import type { Operation } from '@paystream/payments';
import type { CustomerNotification } from '@paystream/topics';
import type { BatchPlace, DecidedRecord } from './place.ts';
import { sourceAndPlace } from './place.ts';

interface Templates {
  succeeded: string;
  /** Left out where the merchant asked: what did not happen is no news to the customer. */
  failed?: string;
}

/** What the customer of an operation is told of it; of the others nothing. */
const templates: Partial<Record<Operation, Templates>> = {
  pay: { succeeded: 'payment_succeeded', failed: 'payment_failed' },
  authorize: { succeeded: 'payment_authorized', failed: 'payment_failed' },
  capture: { succeeded: 'payment_captured' },
  cancel: { succeeded: 'hold_released' },
  expire: { succeeded: 'hold_released' },
  refund: { succeeded: 'refund_succeeded' },
  top_up: { succeeded: 'top_up_succeeded', failed: 'top_up_failed' },
  transfer: { succeeded: 'transfer_sent', failed: 'transfer_failed' },
  pay_out: { succeeded: 'pay_out_sent', failed: 'pay_out_failed' },
  return: { succeeded: 'pay_out_returned' },
  freeze: { succeeded: 'account_frozen' },
  unfreeze: { succeeded: 'account_unfrozen' },
  close: { succeeded: 'account_closed' },
};

/** What is told to one customer. */
interface Told {
  notificationId: string;
  customerId: string;
  template: string;
  amountMinor: bigint | null;
  currency: string | null;
}

/** What customers are to be told, the operation's own first. */
export function toCustomerNotifications(decided: DecidedRecord, place: BatchPlace): CustomerNotification[] {
  const own = toldToCustomer(decided);
  const told = [...(own === null ? [] : [own]), ...toldToPayees(decided)];
  return told.map((one) => toNotification(one, decided, place));
}

function toldToCustomer(decided: DecidedRecord): Told | null {
  const { event, decision } = decided;
  const { operationId, customerId } = event;
  const { outcome } = decision;
  // On its way outside, or an operator's to decide: the customer is told how it ends.
  if (customerId === null || outcome === 'admitted' || outcome === 'manual_review') return null;
  // Every operation that got this far is one; the table simply lacks some of them.
  const template = templates[event.operation as Operation]?.[outcome];
  if (template === undefined) return null;
  return { notificationId: notificationIdOf(operationId), customerId, template, ...amountOf(decided) };
}

/** Payees of a transfer, each told once what all legs together bring. */
function toldToPayees({ event, decision }: DecidedRecord): Told[] {
  if (event.transfer === null || decision.outcome !== 'succeeded') return [];
  const amounts = new Map<string, bigint>();
  for (const { payeeCustomerId, amountMinor } of event.transfer.legs) {
    amounts.set(payeeCustomerId, (amounts.get(payeeCustomerId) ?? 0n) + amountMinor);
  }
  return Array.from(amounts, ([customerId, amountMinor]) => ({
    notificationId: derivedId(prefixes.notification, event.operationId, customerId),
    customerId,
    template: 'transfer_received',
    amountMinor,
    currency: event.currency,
  }));
}

/** The amount to name: that of the operation, of the pay-out it ends, or what a wallet got back of what it had set aside. */
function amountOf({ event, decision }: DecidedRecord): Pick<Told, 'amountMinor' | 'currency'> {
  const { payment, effects } = decision;
  if (event.amountMinor !== null) return { amountMinor: event.amountMinor, currency: event.currency };
  const wallet = effects.find(({ ownerId, after }) => after.kind === 'wallet' && ownerId === event.customerId);
  const released = wallet === undefined ? 0n : wallet.before.heldMinor - wallet.after.heldMinor;
  if (wallet !== undefined && released > 0n) return { amountMinor: released, currency: wallet.after.currency };
  if (payment !== null) return { amountMinor: payment.amountMinor, currency: payment.currency };
  return { amountMinor: null, currency: wallet?.after.currency ?? event.currency };
}

function toNotification(told: Told, decided: DecidedRecord, place: BatchPlace): CustomerNotification {
  const { event, decision } = decided;
  const { failure, effects } = decision;
  // A wallet in another currency than the amount's would be shown in the wrong one.
  const wallet = effects.find(
    ({ ownerId, after }) => after.kind === 'wallet' && ownerId === told.customerId && after.currency === told.currency,
  );
  return {
    notificationId: told.notificationId,
    customerId: told.customerId,
    environment: event.environment,
    merchantId: event.merchantId,
    template: told.template,
    operationId: event.operationId,
    paymentId: event.paymentId,
    amountMinor: told.amountMinor,
    currency: told.currency,
    failureCode: failure === null ? null : tellable(failure.code),
    balanceMinor: wallet?.after.postedMinor ?? null,
    occurredAt: place.settledAt,
    ...sourceAndPlace(decided, place),
  };
}

/** The operation's own digits: it ends once, so a second message about it would have the same id. */
function notificationIdOf(operationId: string): string {
  return prefixes.notification + operationId.slice(operationId.indexOf('_'));
}

function tellable(code: string): string {
  return isFailureCode(code) ? customerCodeOf(code) : 'generic_decline';
}
