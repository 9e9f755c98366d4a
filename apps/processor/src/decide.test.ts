// What a merchant may do, and what it costs.
import { aFeePlan, aFeeRule, aMerchantUpdated, aPaymentRequested, randomId } from '@paystream/testkit';
import type { FeeRule, MerchantUpdated, PaymentRequested } from '@paystream/topics';
import { expect, test } from 'vitest';
import type { CheckedRequest } from './check-request.ts';
import { checkRequest } from './check-request.ts';
import type { Decision } from './decide.ts';
import { decide } from './decide.ts';
import type { MerchantVersion } from './merchants.ts';
import { createMerchants } from './merchants.ts';

const topUp = (): Partial<PaymentRequested> => ({
  operation: 'top_up',
  operationId: randomId('tu'),
  method: { type: 'sandbox', methodId: null },
});

function checked(overrides: Partial<PaymentRequested>): CheckedRequest {
  const requested = aPaymentRequested(overrides);
  const result = checkRequest(requested, Buffer.from(requested.customerId ?? ''));
  if (!result.ok) throw new Error(`the test's own request is illegal: ${result.reason}`);
  return result.request;
}

function merchant(overrides: Partial<MerchantUpdated> = {}): MerchantVersion {
  const merchants = createMerchants();
  const update = aMerchantUpdated(overrides);
  merchants.learn(update);
  const { merchantId, environment, version, updatedAt } = update;
  const found = merchants.find({ merchantId, environment, merchantVersion: version, requestedAt: updatedAt });
  if (found === undefined) throw new Error('a merchant just learned is known');
  return found;
}

const withRule = (rule: Partial<FeeRule>): MerchantVersion =>
  merchant({ feePlan: aFeePlan({ rules: [aFeeRule(rule)] }) });

function inWords(decision: Decision): string {
  if (decision.kind === 'refused') return `${decision.failure.code} at ${decision.failure.stage}`;
  return `priced ${decision.fees.map((fee) => fee.amountMinor).join(' ')}`.trim();
}

test.each<[string, Partial<PaymentRequested>, MerchantVersion, string]>([
  ['a payment', {}, merchant(), 'priced 62'],
  ['a top-up in the sandbox', topUp(), merchant(), 'priced'],
  ['an inactive merchant', {}, merchant({ status: 'inactive' }), 'merchant_inactive at validation'],
  ['a status nobody knows', {}, merchant({ status: 'asleep' }), 'merchant_inactive at validation'],
  ['a payment by card', { method: { type: 'card', methodId: null } }, merchant(), 'method_not_supported at validation'],
  [
    'a top-up from a wallet',
    { ...topUp(), method: { type: 'wallet', methodId: null } },
    merchant(),
    'method_not_supported at validation',
  ],
  [
    'a sandbox top-up of real money',
    { ...topUp(), environment: 'live' },
    merchant(),
    'test_instrument_in_live at validation',
  ],
  ['a rule without sense', {}, withRule({ currency: null }), 'misconfigured at validation'],
  ['a fee the ledger cannot post', {}, withRule({ bearer: 'customer' }), 'misconfigured at validation'],
  ['a fee on a top-up', topUp(), withRule({ operation: 'top_up' }), 'misconfigured at validation'],
])('%s: %s', (_case, request, version, expected) => {
  expect(inWords(decide(checked(request), version))).toBe(expected);
});

test('a refusal by a rule names it', () => {
  const decision = decide(checked({}), withRule({ ruleId: 'broken', version: 3n, bearer: 'customer' }));
  expect(decision).toMatchObject({ kind: 'refused', failure: { ruleId: 'broken', ruleVersion: 3n } });
});
