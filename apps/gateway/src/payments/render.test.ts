// Checks that what is frozen is exactly what the document promises, whatever the merchant wrote into it.
import { failureOf } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { PaymentObject, TopUpObject } from './model.ts';
import type { OperationFacts } from './facts.ts';
import { NO_SUMS } from './facts.ts';
import { toFeeObject } from './money-objects.ts';
import { detailsText, renderOperation, withDetails } from './render.ts';

const payment = Compile(PaymentObject);
const facts: OperationFacts = {
  id: 'pay_00000000000000000000000000000001',
  operation: 'pay',
  status: 'succeeded',
  amountMinor: 1099n,
  currency: 'USD',
  customerId: 'cus_00000000000000000000000000000002',
  paymentId: 'pay_00000000000000000000000000000001',
  paymentStatus: null,
  terms: {},
  sums: { ...NO_SUMS, authorizedMinor: 1099n, capturedMinor: 1099n },
  fees: [],
  fx: null,
  failure: null,
  createdAtMicros: 1_788_256_800_123_456n,
  settledAtMicros: 1_788_256_801_000_000n,
};

function parse(text: string): unknown {
  return JSON.parse(text);
}

test('shows a payment that succeeded', () => {
  const text = renderOperation(facts);
  expect(text).toContain('"created_at":"2026-09-01T10:00:00.123456Z","settled_at":"2026-09-01T10:00:01.000000Z"');
  expect(payment.Check(parse(text))).toBe(true);
});

test('shows a top-up, a failure, fees and what is not settled in the same closed shape', () => {
  const fee = {
    ...{ ruleId: 'r', ruleVersion: 1n, kind: 'processing', bearer: 'merchant', baseMinor: 1099n, percentBps: 290 },
    ...{ fixedMinor: 30n, minMinor: null, maxMinor: null, refundPolicy: 'keep', tier: null, amountMinor: 62n },
    currency: 'USD',
  };
  const failure = aPaymentSettled({ failure: failureOf('suspected_fraud') }).failure;
  const failed = parse(
    renderOperation({ ...facts, status: 'failed', fees: [toFeeObject(fee)], failure, settledAtMicros: null }),
  );
  expect(payment.Check(failed)).toBe(true);
  expect(failed).toMatchObject({
    fees: [{ amount: 62, rule_id: 'r' }],
    failure: { code: 'suspected_fraud', customer_message_key: 'generic_decline' },
    settled_at: null,
  });
  expect(Compile(TopUpObject).Check(parse(renderOperation({ ...facts, operation: 'top_up' })))).toBe(true);
});

test('puts any description and metadata in, the same bytes every time', () => {
  const text = fc.string({ unit: 'grapheme' });
  const details = fc.record({ description: text, metadata: fc.dictionary(text, text) }, { requiredKeys: [] });
  fc.assert(
    fc.property(details, (sent) => {
      const kept = detailsText(sent);
      const shown = withDetails(renderOperation(facts), kept);
      expect(parse(shown)).toMatchObject({ description: sent.description ?? null });
      expect((parse(shown) as { metadata: object }).metadata).toEqual(parse(JSON.stringify(sent.metadata ?? {})));
      expect(withDetails(renderOperation(facts), kept)).toBe(shown);
    }),
  );
});

test('keeps no details where none were sent, and tells an empty text from none', () => {
  expect(detailsText({})).toBeNull();
  expect(detailsText({ description: '' })).toBe('{"description":""}');
});
