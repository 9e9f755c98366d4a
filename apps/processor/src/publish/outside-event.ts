// Turns what a provider has told into payment.processed: a fact, with an id of its own, whatever it is about.
import type { Failure } from '@paystream/payments';
import { factIdOf, failureOf, HOUSE_MERCHANT_ID, isFailureCode } from '@paystream/payments';
import { RULES_VERSION } from '@paystream/pricing';
import type { OutsideFact, PaymentProcessed } from '@paystream/topics';
import { NO_TERMS } from '@paystream/topics';
import type { CheckedEvent } from '../check-event.ts';

/** The event, as it is the same each time what was told is told again. */
export function toOutsideEvent(event: CheckedEvent, processedAt: bigint): PaymentProcessed {
  const { environment, customerId, amountMinor, currency, receivedAt } = event;
  const merchantId = event.merchantId ?? HOUSE_MERCHANT_ID;
  const shared = { environment, merchantId, customerId, amountMinor, currency, requestedAt: receivedAt, processedAt };
  switch (event.type) {
    case 'dispute_opened':
    case 'dispute_won':
    case 'dispute_lost':
      return { ...NOTHING_ASKED, ...shared, ...factOf(event), operation: 'dispute' };
    case 'pay_out_returned':
      return { ...NOTHING_ASKED, ...shared, ...factOf(event), operation: 'return' };
    case 'pay_out_paid':
      return { ...NOTHING_ASKED, ...shared, ...factOf(event), operation: 'report' };
    case 'pay_out_failed':
      return { ...NOTHING_ASKED, ...shared, ...factOf(event), operation: 'report', failure: failureIn(event) };
    default:
      return event.type satisfies never;
  }
}

/** What only requests have. */
const NOTHING_ASKED = {
  rulesVersion: RULES_VERSION,
  merchantVersion: null,
  ...NO_TERMS,
  fees: [],
  fx: null,
  route: null,
  failure: null,
  outcome: null,
  fact: null,
  decisions: null,
  velocity: null,
};

function factOf(event: CheckedEvent): Pick<PaymentProcessed, 'operationId' | 'paymentId' | 'pass' | 'kind' | 'fact'> {
  const { type, provider, providerEventId, providerReference, disputeId, amountMinor, feeMinor } = event;
  const { currency, reasonCode, dueBy, occurredAt, paymentId } = event;
  const source = { type, provider, providerEventId, providerReference };
  const fact: OutsideFact = { ...source, disputeId, amountMinor, feeMinor, currency, reasonCode, dueBy, occurredAt };
  return { operationId: factIdOf(provider, providerEventId), paymentId, pass: 1, kind: 'fact', fact };
}

/** The provider's code where it is one of ours, else that something went wrong there; its own word stays beside it. */
function failureIn({ code, provider }: CheckedEvent): Failure {
  const ours = code !== null && isFailureCode(code) ? code : 'processing_error';
  return failureOf(ours, 'authorization', { provider, providerCode: code });
}
