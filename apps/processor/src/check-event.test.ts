// What a provider tells becomes a fact or an outcome, the same each time; what nothing can be made of is told apart.
import { factIdOf, HOUSE_MERCHANT_ID } from '@paystream/payments';
import { aProviderEvent, randomId } from '@paystream/testkit';
import type { PaymentProcessed, ProviderEvent } from '@paystream/topics';
import { expect, test } from 'vitest';
import { checkEvent } from './check-event.ts';
import { toOutsideEvent } from './publish/outside-event.ts';
import { aDispute, aPayOutEvent } from './testing/provider-events.ts';

const check = (event: ProviderEvent, key: string | null = event.providerReference): string => {
  const checked = checkEvent(event, key === null ? null : Buffer.from(key));
  return checked.ok ? 'taken' : checked.reason;
};

function processed(event: ProviderEvent): PaymentProcessed {
  const checked = checkEvent(event, Buffer.from(event.providerReference));
  if (!checked.ok) throw new Error(`the test's own event is faulty: ${checked.reason}`);
  return toOutsideEvent(checked.event, 7n);
}

test.each<[string, ProviderEvent]>([
  ['taken', aDispute('opened')],
  ['taken', aDispute('won', { amountMinor: null })],
  ['taken', aDispute('lost', { merchantId: null })],
  ['taken', aPayOutEvent('paid')],
  ['taken', aPayOutEvent('failed', { customerId: randomId('cus') })],
  ['taken', aPayOutEvent('paid', { paymentId: null, operationId: randomId('po') })],
  ['taken', aPayOutEvent('returned')],
  ['unknown_type', aProviderEvent({ type: 'payment_approved' })],
  ['invalid_environment', aDispute('opened', { environment: 'prod' })],
  ['invalid_provider', aDispute('opened', { provider: 'Acme: Pay' })],
  ['invalid_provider_event_id', aDispute('opened', { providerEventId: '' })],
  ['invalid_provider_event_id', aDispute('opened', { providerEventId: '\u0000' })],
  ['invalid_merchant_id', aPayOutEvent('paid', { merchantId: null })],
  ['invalid_merchant_id', aDispute('won', { merchantId: 'mer_1' })],
  ['invalid_customer_id', aDispute('opened', { customerId: null })],
  ['invalid_payment_id', aDispute('opened', { paymentId: null })],
  ['invalid_payment_id', aDispute('opened', { paymentId: randomId('po') })],
  ['invalid_payment_id', aPayOutEvent('paid', { paymentId: null })],
  ['invalid_dispute_id', aDispute('won', { disputeId: null })],
  ['invalid_amount', aDispute('opened', { amountMinor: null })],
  ['invalid_amount', aDispute('opened', { feeMinor: -1n })],
  ['invalid_amount', aPayOutEvent('failed', { amountMinor: null })],
  ['invalid_amount', aPayOutEvent('paid', { amountMinor: 0n })],
  ['unknown_currency', aDispute('won', { currency: null })],
  ['unknown_currency', aPayOutEvent('paid', { currency: 'ZZZ' })],
  ['invalid_time', aDispute('opened', { receivedAt: 0n })],
  ['invalid_time', aDispute('opened', { dueBy: -1n })],
  ['invalid_code', aDispute('opened', { reasonCode: 'the customer says so' })],
])('%s, case %#', (expected, event) => {
  expect(check(event)).toBe(expected);
});

test('the key is the provider’s own reference', () => {
  expect(check(aDispute('opened'), null)).toBe('key_mismatch');
  expect(check(aDispute('opened'), 'another')).toBe('key_mismatch');
});

test('a dispute becomes a fact with an id of its own, and its terms are the provider’s', () => {
  const event = aDispute('opened', { merchantId: null });
  const { type, provider, providerEventId, providerReference, disputeId, amountMinor, feeMinor, currency } = event;
  const { reasonCode, dueBy, occurredAt } = event;
  expect(processed(event)).toMatchObject({
    operationId: factIdOf(provider, providerEventId),
    operation: 'dispute',
    paymentId: event.paymentId,
    environment: 'test',
    merchantId: HOUSE_MERCHANT_ID,
    customerId: event.customerId,
    pass: 1,
    kind: 'fact',
    rulesVersion: 1,
    merchantVersion: null,
    amountMinor,
    currency,
    requestedAt: event.receivedAt,
    processedAt: 7n,
    fact: {
      type,
      provider,
      providerEventId,
      providerReference,
      disputeId,
      amountMinor,
      feeMinor,
      currency,
      reasonCode,
      dueBy,
      occurredAt,
    },
    outcome: null,
    failure: null,
  });
});

test('a returned pay-out is a fact about it', () => {
  const event = aPayOutEvent('returned');
  expect(processed(event)).toMatchObject({
    operation: 'return',
    operationId: factIdOf(event.provider, event.providerEventId),
    paymentId: event.paymentId,
    pass: 1,
    kind: 'fact',
    fact: { type: 'pay_out_returned' },
  });
});

test('what is reported of a pay-out is a fact of its own, so that a wrong report uses up nothing', () => {
  const event = aPayOutEvent('paid');
  expect(processed(event)).toMatchObject({
    operation: 'report',
    operationId: factIdOf(event.provider, event.providerEventId),
    paymentId: event.paymentId,
    pass: 1,
    kind: 'fact',
    fact: { type: 'pay_out_paid', amountMinor: event.amountMinor, currency: event.currency },
    failure: null,
    outcome: null,
  });
  const again = processed({ ...event, providerEventId: 'another' });
  expect(again.operationId).not.toBe(processed(event).operationId);
});

test.each([
  ['insufficient_funds', 'insufficient_funds'],
  ['AC04', 'processing_error'],
  [null, 'processing_error'],
])('one that failed with %s fails as %s', (code, expected) => {
  const event = aPayOutEvent('failed', { code });
  expect(processed(event)).toMatchObject({
    fact: { type: 'pay_out_failed' },
    failure: { code: expected, provider: 'sandbox', providerCode: code },
  });
});
