// Checks what the gateway takes over from a batch of settled operations.
import { newId, toUuid, walletAccountId } from '@paystream/payments';
import { aPaymentSettled, TEST_TIME_MICROS } from '@paystream/testkit';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import { expect, test } from 'vitest';
import { isoMicros } from './iso-micros.ts';
import { failedRefunds, faultOf, toOutcomes } from './outcomes.ts';

const customerId = newId('cus');

function wallet(version: bigint, overrides: Partial<AccountState> = {}): AccountState {
  return {
    accountId: walletAccountId('test', customerId, 'USD'),
    kind: 'wallet',
    ownerId: customerId,
    currency: 'USD',
    postedChangeMinor: -1099n,
    heldChangeMinor: 0n,
    postedMinor: 10_000n - version * 1099n,
    heldMinor: 0n,
    version,
    changed: true,
    counterpartyId: null,
    status: 'open',
    overdraftMinor: 0n,
    ...overrides,
  };
}

function settled(overrides: Partial<PaymentSettled> = {}): PaymentSettled {
  return aPaymentSettled({ operationId: newId('pay'), customerId, balances: [wallet(1n)], ...overrides });
}

test('freezes no answer for an operation nobody asked the gateway for', () => {
  expect(toOutcomes([settled({ operation: 'dispute', operationId: newId('dis') })], new Map())).toEqual([]);
  expect(toOutcomes([settled()], new Map())).toMatchObject([{ status: 'succeeded' }]);
});

test('a pay-out is shown with the amount and the time it was asked for, whatever was reported of it and when', () => {
  const payOut = newId('po');
  const ended = { ...{ operation: 'pay_out', operationId: payOut, status: 'manual_review' }, amountMinor: 60n };
  const asked = { amountMinor: 50n, requestedAtMicros: TEST_TIME_MICROS };
  const later = settled({ ...ended, requestedAt: TEST_TIME_MICROS + 86_400_000_000n });
  const [outcome] = toOutcomes([later], new Map([[toUuid(payOut), asked]]));
  expect(JSON.parse(String(outcome?.answer))).toMatchObject({ amount: 50, created_at: isoMicros(TEST_TIME_MICROS) });
});

test('names the refunds that failed, and nothing else that did', () => {
  const refund = newId('re');
  const batch = [
    settled({ status: 'failed' }),
    settled({ operation: 'refund', operationId: newId('re') }),
    settled({ operation: 'refund', operationId: refund, status: 'failed' }),
  ];
  expect(failedRefunds(batch)).toEqual([toUuid(refund)]);
});

test.each([
  ['a status nobody knows', settled({ status: 'lost' })],
  ['an operation without an id', settled({ operationId: 'pay_1' })],
  ['an operation nobody knows', settled({ operation: 'wish' })],
  ['a payment without a customer', settled({ customerId: null })],
  ['a wallet without an owner', settled({ balances: [wallet(1n, { ownerId: 'mer_x' })] })],
])('finds fault with %s', (_what, value) => {
  expect(faultOf(value)).toBeDefined();
});

test('finds none with a good one', () => {
  expect(faultOf(settled())).toBeUndefined();
});
