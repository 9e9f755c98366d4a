// Checks what later operations make of a payment: in the order of the books, each once, fees and conversions together.
import { newId, toUuid } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import type { FeeLine, FxConversion, PaymentSettled } from '@paystream/topics';
import { expect, test } from 'vitest';
import type { KnownPayment } from './payment-states.ts';
import { changesState, foldStates } from './payment-states.ts';

const paymentId = newId('pay');
const paymentUuid = toUuid(paymentId);
const payment = {
  ...{ authorizedMinor: 1_000n, capturedMinor: 0n, capturePendingMinor: 0n },
  ...{ refundedMinor: 0n, refundPendingMinor: 0n, disputedMinor: 0n },
};
const fee: FeeLine = {
  ...{ ruleId: 'r', ruleVersion: 1n, kind: 'processing', bearer: 'merchant', baseMinor: 1n, percentBps: 100 },
  ...{ fixedMinor: 0n, minMinor: null, maxMinor: null, refundPolicy: 'keep', tier: null, amountMinor: 6n },
  currency: 'USD',
};
const fx: FxConversion = {
  ...{ fromCurrency: 'EUR', toCurrency: 'USD', fromAmountMinor: 900n, toAmountMinor: 1_000n, baseRate: '1.1' },
  ...{ markupBps: 100, markupMinor: 9n, roundingMinor: 1n, roundingCurrency: 'EUR', rateSource: 'ecb' },
  ...{ ratePublishedAt: 1n, quoteId: null },
};
const first: KnownPayment = { firstFees: [], firstFx: null, state: null };

function event(ledgerNumber: bigint, changes: Partial<PaymentSettled>): PaymentSettled {
  return aPaymentSettled({
    operationId: newId('cap'),
    operation: 'capture',
    paymentId,
    payment,
    ledgerNumber,
    ...changes,
  });
}

function fold(changes: readonly PaymentSettled[], known: KnownPayment = first) {
  return foldStates(changes, new Map([[paymentUuid, known]]), new Map());
}

test('fees of parts are one line, and what is given back is taken off it', () => {
  const [state] = fold([
    event(1n, { operationId: paymentId, operation: 'authorize', paymentStatus: 'authorized', fx }),
    event(2n, { fees: [fee], fx: { ...fx, fromAmountMinor: 300n, markupMinor: 3n, roundingMinor: 0n } }),
    event(3n, {
      fees: [{ ...fee, amountMinor: 4n }],
      fx: { ...fx, fromAmountMinor: 600n },
      payment: { ...payment, capturedMinor: 1_000n },
    }),
    event(4n, { operation: 'refund', paymentStatus: 'partially_refunded', fees: [{ ...fee, amountMinor: -5n }], fx }),
  ]);
  expect(state?.fees).toMatchObject([{ rule_id: 'r', amount: 5n }]);
  expect(state).toMatchObject({ status: 'partially_refunded', ledgerNumber: 4n });
});

test('what the captures converted replaces what was priced for the hold, and adds up', () => {
  const part = { ...fx, fromAmountMinor: 300n, markupMinor: 3n, roundingMinor: 0n };
  const rest = { ...fx, fromAmountMinor: 601n, markupMinor: 6n, roundingMinor: 1n };
  const [state] = fold([
    event(1n, { operationId: paymentId, operation: 'authorize', paymentStatus: 'authorized', fx }),
    event(2n, { fx: part, payment: { ...payment, capturedMinor: 300n } }),
    event(3n, { fx: rest, payment: { ...payment, capturedMinor: 1_000n } }),
  ]);
  expect(state?.fx).toMatchObject({ from_amount: 901n, markup: 9n, rounding: 1n });
});

test('begins with what the first outcome took, as its answer has it', () => {
  const taken = { kind: 'processing', amount: 62, currency: 'USD', bearer: 'merchant', rule_id: 'r', rule_version: 1 };
  const known = { ...first, firstFees: [{ ...taken, percent_bps: 100, fixed: 0 }] };
  const [state] = fold([event(9n, { operation: 'refund', fees: [{ ...fee, amountMinor: -2n }] })], known);
  expect(state?.fees).toMatchObject([{ rule_id: 'r', amount: 60n }]);
});

test('what is not later in the books changes nothing, nor does what is none of ours', () => {
  const at = { ledgerNumber: 5n, ledgerIndex: 3 };
  const state = { ...at, status: 'succeeded', fees: [], fx: null, sums: payment };
  expect(fold([event(5n, { ledgerIndex: 3 }), event(4n, { ledgerIndex: 9 })], { ...first, state })).toEqual([]);
  expect(fold([event(5n, { ledgerIndex: 4 })], { ...first, state })).toHaveLength(1);
  expect(foldStates([event(1n, {})], new Map(), new Map())).toEqual([]);
});

test.each([
  ['a payment that only its first operation made', { operation: 'pay', operationId: paymentId }, false],
  ['a follow-up', {}, true],
  ['a follow-up that failed', { status: 'failed' }, false],
  ['a dispute', { operation: 'dispute', operationId: newId('dis') }, true],
  ['a fact that no payment heard of', { operation: 'dispute', payment: null }, false],
  ['a transfer', { operation: 'transfer', paymentId: newId('tr') }, false],
  ['a pay-out, whatever became of it', { operation: 'pay_out', paymentId: newId('po'), status: 'failed' }, true],
  ['a command upon an account', { operation: 'freeze', paymentId: newId('frz') }, false],
])('%s: has a state of its own: %#', (_what, changes, expected) => {
  expect(changesState(event(1n, changes))).toBe(expected);
});
