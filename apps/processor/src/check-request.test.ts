// What our gateway could not have written is told apart, by name, from what it could.
import { aPaymentRequested, randomId } from '@paystream/testkit';
import type { PaymentRequested } from '@paystream/topics';
import { expect, test } from 'vitest';
import { checkRequest } from './check-request.ts';

const operator = { operatorId: 'op_1', approverId: null, reasonCode: 'test', reasonId: null };

function check(overrides: Partial<PaymentRequested>, key?: string | null): ReturnType<typeof checkRequest> {
  const requested = aPaymentRequested(overrides);
  const text = key === undefined ? requested.customerId : key;
  return checkRequest(requested, text === null ? null : Buffer.from(text));
}

test('a payment and a top-up as the gateway writes them are taken as they are', () => {
  const payment = aPaymentRequested();
  expect(checkRequest(payment, Buffer.from(payment.customerId ?? ''))).toEqual({ ok: true, request: payment });
  const topUp = { operation: 'top_up', operationId: randomId('tu'), method: { type: 'sandbox', methodId: null } };
  expect(check(topUp).ok).toBe(true);
});

test.each<[string, Partial<PaymentRequested>]>([
  ['unknown_operation', { operation: 'gift' }],
  ['unknown_operation', { operation: '' }],
  ['unsupported_operation', { operation: 'authorize' }],
  ['unsupported_operation', { operation: 'refund', operationId: randomId('re') }],
  ['invalid_operation_id', { operationId: 'pay_1' }],
  ['invalid_operation_id', { operationId: randomId('tu') }],
  ['invalid_operation_id', { operation: 'top_up' }],
  ['invalid_payment_id', { paymentId: randomId('pay') }],
  ['invalid_environment', { environment: 'prod' }],
  ['invalid_merchant_id', { merchantId: 'mer_\u0000' }],
  ['invalid_customer_id', { customerId: null }],
  ['invalid_customer_id', { customerId: 'cus_\ud800' }],
  ['invalid_amount', { amountMinor: null }],
  ['invalid_amount', { amountMinor: 0n }],
  ['invalid_amount', { amountMinor: -1n }],
  ['invalid_amount', { amountMinor: 2n ** 53n }],
  ['invalid_amount', { amountMinor: 2n ** 63n - 1n }],
  ['unknown_currency', { currency: null }],
  ['unknown_currency', { currency: 'usd' }],
  ['unknown_currency', { currency: 'ZZZ' }],
  ['invalid_requested_at', { requestedAt: 0n }],
  ['invalid_requested_at', { requestedAt: 2n ** 63n - 1n }],
  ['invalid_merchant_version', { merchantVersion: 0n }],
  ['invalid_method', { method: null }],
  ['invalid_method', { method: { type: 'cheque', methodId: null } }],
  ['invalid_method', { method: { type: 'wallet', methodId: '4242424242424242' } }],
  ['invalid_country', { country: 'Germany' }],
  ['unsupported_terms', { sourceCurrency: 'EUR' }],
  ['unsupported_terms', { capture: { final: true } }],
  ['unsupported_terms', { operator }],
])('%s, case %#', (reason, overrides) => {
  expect(check(overrides)).toEqual({ ok: false, reason });
});

test.each([[null], [''], [randomId('cus')]])('the key %j is another customer’s', (key) => {
  expect(check({}, key)).toEqual({ ok: false, reason: 'key_mismatch' });
});
