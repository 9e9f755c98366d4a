// Decides whether a record of provider.event tells something that the books can take in; what does not is a dead letter.
import { isCurrency } from '@paystream/money';
import { isAmount, isCode, isEnvironment, isForeignId, isId, isProviderName, isTime } from '@paystream/payments';
import type { ProviderEvent } from '@paystream/topics';

const DISPUTES = ['dispute_opened', 'dispute_won', 'dispute_lost'] as const;
const PAY_OUTS = ['pay_out_returned', 'pay_out_paid', 'pay_out_failed'] as const;

export type EventType = (typeof DISPUTES)[number] | (typeof PAY_OUTS)[number];

/** An event with everything in it that its type needs. */
export interface CheckedEvent extends ProviderEvent {
  type: EventType;
  /** The payment disputed, or the pay-out. */
  paymentId: string;
  currency: string;
}

/** Why nothing can be made of an event; the reason on its dead letter. */
export type EventFault =
  | 'unknown_type'
  | 'invalid_environment'
  | 'invalid_provider'
  | 'invalid_provider_event_id'
  | 'invalid_merchant_id'
  | 'invalid_customer_id'
  | 'invalid_payment_id'
  | 'invalid_dispute_id'
  | 'invalid_amount'
  | 'unknown_currency'
  | 'invalid_time'
  | 'invalid_code'
  | 'key_mismatch';

export type CheckedOrFault = { ok: true; event: CheckedEvent } | { ok: false; reason: EventFault };

/** The event, or the first reason against it. */
export function checkEvent(event: ProviderEvent, key: Buffer | null): CheckedOrFault {
  const completed = withPaymentId(event);
  const reason =
    faultInSource(completed) ?? faultInIds(completed) ?? faultInMoney(completed) ?? faultInRest(event, key);
  // Everything CheckedEvent adds to ProviderEvent has just been checked.
  return reason === null ? { ok: true, event: completed as CheckedEvent } : { ok: false, reason };
}

/** A pay-out is its own payment: a provider that gives our operation's id back has named it. */
function withPaymentId(event: ProviderEvent): ProviderEvent {
  return isOneOf(PAY_OUTS, event.type) ? { ...event, paymentId: event.paymentId ?? event.operationId } : event;
}

function faultInSource({
  type,
  environment,
  provider,
  providerEventId,
  providerReference,
}: ProviderEvent): EventFault | null {
  if (!isOneOf(DISPUTES, type) && !isOneOf(PAY_OUTS, type)) return 'unknown_type';
  if (!isEnvironment(environment)) return 'invalid_environment';
  if (!isProviderName(provider)) return 'invalid_provider';
  return isForeignId(providerEventId) && isForeignId(providerReference) ? null : 'invalid_provider_event_id';
}

/** A dispute of a payment whose merchant nobody knows is the house's; the purse of a pay-out has to be known. */
function faultInIds({ type, merchantId, customerId, paymentId, disputeId }: ProviderEvent): EventFault | null {
  const isDispute = isOneOf(DISPUTES, type);
  if (merchantId === null ? !isDispute : !isId('mer', merchantId)) return 'invalid_merchant_id';
  // The payer, by whose id the payment lies in its partition; a pay-out may be the merchant's own.
  if (customerId === null ? isDispute : !isId('cus', customerId)) return 'invalid_customer_id';
  if (paymentId === null || !isId(isDispute ? 'pay' : 'po', paymentId)) return 'invalid_payment_id';
  if (!isDispute) return null;
  return disputeId !== null && isId('dp', disputeId) ? null : 'invalid_dispute_id';
}

/** The end of a dispute may leave its amount to how it was opened. */
function faultInMoney({ type, amountMinor, feeMinor, currency }: ProviderEvent): EventFault | null {
  const mayLackAmount = type === 'dispute_won' || type === 'dispute_lost';
  if (amountMinor === null ? !mayLackAmount : !isAmount(amountMinor)) return 'invalid_amount';
  if (feeMinor !== null && feeMinor !== 0n && !isAmount(feeMinor)) return 'invalid_amount';
  return currency !== null && isCurrency(currency) ? null : 'unknown_currency';
}

function faultInRest(event: ProviderEvent, key: Buffer | null): EventFault | null {
  const { occurredAt, receivedAt, dueBy, code, reasonCode, providerReference } = event;
  if (!isTime(occurredAt) || !isTime(receivedAt) || (dueBy !== null && !isTime(dueBy))) return 'invalid_time';
  if ([code, reasonCode].some((text) => text !== null && !isCode(text))) return 'invalid_code';
  return key?.toString() === providerReference ? null : 'key_mismatch';
}

function isOneOf(types: readonly string[], type: string): boolean {
  return types.includes(type);
}
