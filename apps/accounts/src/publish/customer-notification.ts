// Decides what customers are told about a decision, in codes and amounts; words and addresses are the notifier's.
import { createHash } from 'node:crypto';
import { customerCodeOf, isFailureCode, prefixes } from '@paystream/payments';
import type { Operation } from '@paystream/payments';
import type { CustomerNotification } from '@paystream/topics';
import type { BatchPlace, DecidedRecord } from './place.ts';
import { sourceAndPlace } from './place.ts';

/** What is named in the currency it is named in; without an amount, the wallet's. */
interface Named {
  amountMinor: bigint | null;
  currency: string | null;
}

interface Telling {
  succeeded: string;
  /** Left out where the merchant asked: what did not happen is no news to the customer. */
  failed?: string;
  /** What the words name; null when there is nothing to tell. The operation's amount where left out. */
  named?: (decided: DecidedRecord) => Named | null;
}

/** What the customer of an operation is told of it; of the others nothing. */
const tellings: Partial<Record<Operation, Telling>> = {
  pay: { succeeded: 'payment_succeeded', failed: 'payment_failed' },
  authorize: { succeeded: 'payment_authorized', failed: 'payment_failed' },
  capture: { succeeded: 'payment_captured' },
  cancel: { succeeded: 'hold_released', named: released },
  expire: { succeeded: 'hold_released', named: released },
  refund: { succeeded: 'refund_succeeded' },
  top_up: { succeeded: 'top_up_succeeded', failed: 'top_up_failed' },
  transfer: { succeeded: 'transfer_sent', failed: 'transfer_failed' },
  pay_out: { succeeded: 'pay_out_sent', failed: 'pay_out_failed' },
  return: { succeeded: 'pay_out_returned' },
  freeze: { succeeded: 'account_frozen', named: walletAlone },
  unfreeze: { succeeded: 'account_unfrozen', named: walletAlone },
  close: { succeeded: 'account_closed', named: walletAlone },
};

/** What is told to one customer. */
interface Told extends Named {
  notificationId: string;
  customerId: string;
  template: string;
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
  const telling = tellings[event.operation as Operation];
  const template = telling?.[outcome];
  const named = (telling?.named ?? operationAmount)(decided);
  if (template === undefined || named === null) return null;
  return { notificationId: notificationIdOf(operationId), customerId, template, ...named };
}

function operationAmount({ event: { amountMinor, currency } }: DecidedRecord): Named {
  return { amountMinor, currency };
}

/** What the wallet has free again of what was held in it; it may be in another currency than the payment. */
function released(decided: DecidedRecord): Named | null {
  const wallet = walletOf(decided);
  if (wallet === undefined) return null;
  const amountMinor = wallet.before.heldMinor - wallet.after.heldMinor;
  return amountMinor > 0n ? { amountMinor, currency: wallet.after.currency } : null;
}

function walletAlone(decided: DecidedRecord): Named | null {
  const wallet = walletOf(decided);
  return wallet === undefined ? null : { amountMinor: null, currency: wallet.after.currency };
}

function walletOf({ event, decision }: DecidedRecord) {
  return decision.effects.find(({ ownerId, after }) => after.kind === 'wallet' && ownerId === event.customerId);
}

/** Payees of a transfer, each told once what all legs together bring. */
function toldToPayees({ event, decision }: DecidedRecord): Told[] {
  if (event.transfer === null || decision.outcome !== 'succeeded') return [];
  const amounts = new Map<string, bigint>();
  for (const { payeeCustomerId, amountMinor } of event.transfer.legs) {
    amounts.set(payeeCustomerId, (amounts.get(payeeCustomerId) ?? 0n) + amountMinor);
  }
  return Array.from(amounts, ([customerId, amountMinor]) => ({
    notificationId: payeeNotificationIdOf(event.operationId, customerId),
    customerId,
    template: 'transfer_received',
    amountMinor,
    currency: event.currency,
  }));
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

/** Always the same for this payee of this transfer, and nobody else's. Not derivedId: that refuses ids that are no uuid. */
function payeeNotificationIdOf(operationId: string, customerId: string): string {
  const digest = createHash('sha256').update(`${operationId}/${customerId}`).digest('hex');
  return `${prefixes.notification}_${digest.slice(0, 32)}`;
}

function tellable(code: string): string {
  return isFailureCode(code) ? customerCodeOf(code) : 'generic_decline';
}
