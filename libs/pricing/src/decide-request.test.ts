// What a merchant may do, what it costs, and at which rate.
import { expect, test } from 'vitest';
import type { DecidableRequest, DecidingMerchant, FeeRule, QuoteTerms, RequestDecision } from './index.ts';
import { compilePlan, createRates, decideRequest } from './index.ts';

const NOW = 10_000_000n;

function aRule(overrides: Partial<FeeRule> = {}): FeeRule {
  return {
    ruleId: 'fee',
    version: 3n,
    kind: 'processing',
    operation: 'pay',
    methodType: null,
    currency: 'USD',
    amountFromMinor: null,
    amountBelowMinor: null,
    tierMode: null,
    percentBps: 0,
    fixedMinor: 30n,
    minMinor: null,
    maxMinor: null,
    bearer: 'merchant',
    refundPolicy: 'keep',
    ...overrides,
  };
}

const markup = (overrides: Partial<FeeRule> = {}): FeeRule =>
  aRule({ ruleId: 'markup', kind: 'fx_markup', currency: null, percentBps: 200, fixedMinor: 0n, ...overrides });

const merchantWith = (...rules: FeeRule[]): DecidingMerchant => ({
  isActive: true,
  plan: compilePlan({ feePlanId: 'fp_1', version: 1n, rules }),
  riskPlan: null,
});
const merchant = merchantWith(aRule());

function aRequest(overrides: Partial<DecidableRequest> = {}): DecidableRequest {
  return {
    operation: 'pay',
    environment: 'test',
    merchantId: 'mer_a',
    customerId: 'cus_a',
    amountMinor: 1_000n,
    currency: 'USD',
    requestedAt: NOW,
    method: { type: 'wallet' },
    sourceCurrency: null,
    quote: null,
    refund: null,
    transfer: null,
    country: null,
    ...overrides,
  };
}

const aQuote = (overrides: Partial<QuoteTerms> = {}): QuoteTerms => ({
  quoteId: 'fxq_1',
  baseRate: '1.25',
  markupBps: 100,
  quotedAt: NOW - 60n,
  expiresAt: NOW + 1n,
  rateSource: 'ecb',
  ratePublishedAt: 7n,
  ...overrides,
});

const rates = createRates();
for (const [quoteCurrency, rate] of [
  ['USD', '1.25'],
  ['JPY', '175.68'],
] as const) {
  rates.learn({
    environment: 'test',
    baseCurrency: 'EUR',
    quoteCurrency,
    rate,
    source: 'ecb',
    rateDate: '2026-10-30',
    publishedAt: NOW - 100n,
  });
}

const decided = (
  request: Partial<DecidableRequest>,
  by: DecidingMerchant = merchant,
  rateAgeMaxMicros: bigint | null = null,
): RequestDecision => decideRequest(aRequest(request), by, { rates, rateAgeMaxMicros, screened: null });

function inWords(decision: RequestDecision): string {
  if (decision.kind === 'refused') return `${decision.failure.code} at ${decision.failure.stage}`;
  const fees = decision.fees.map((fee) => fee.amountMinor).join(' ');
  const { fx } = decision;
  const conversion =
    fx === null ? '' : `, ${fx.fromAmountMinor} ${fx.fromCurrency} for ${fx.toAmountMinor} ${fx.toCurrency}`;
  return `priced ${fees}`.trim() + conversion;
}

const sandbox = { method: { type: 'sandbox' } };
const inactive = { ...merchant, isActive: false };
const command = { amountMinor: null, currency: null, method: null };

test.each<[string, Partial<DecidableRequest>, DecidingMerchant, string]>([
  ['a payment', {}, merchant, 'priced 30'],
  ['a hold costs what a payment costs', { operation: 'authorize' }, merchant, 'priced 30'],
  [
    'a transfer by its own rules',
    { operation: 'transfer' },
    merchantWith(aRule({ operation: 'transfer', fixedMinor: 5n })),
    'priced 5',
  ],
  ['and not by those for payments', { operation: 'transfer' }, merchant, 'priced'],
  ['a fee on the customer', {}, merchantWith(aRule({ bearer: 'customer' })), 'priced 30'],
  ['a pay-out', { operation: 'pay_out', ...sandbox }, merchantWith(aRule({ operation: 'pay_out' })), 'priced 30'],
  [
    'a pay-out of real money',
    { operation: 'pay_out', ...sandbox, environment: 'live' },
    merchant,
    'test_instrument_in_live at validation',
  ],
  [
    'a pay-out to a bank',
    { operation: 'pay_out', method: { type: 'bank' } },
    merchant,
    'method_not_supported at validation',
  ],
  [
    'a top-up, which has no fee',
    { operation: 'top_up', ...sandbox },
    merchantWith(aRule({ operation: 'top_up' })),
    'priced',
  ],
  [
    'a top-up of real money',
    { operation: 'top_up', ...sandbox, environment: 'live' },
    merchant,
    'test_instrument_in_live at validation',
  ],
  ['a top-up from a wallet', { operation: 'top_up' }, merchant, 'method_not_supported at validation'],
  ['a payment by card', { method: { type: 'card' } }, merchant, 'method_not_supported at validation'],
  ['a rule without sense', {}, merchantWith(aRule({ currency: null })), 'misconfigured at validation'],
  [
    'what follows on a payment',
    { operation: 'capture', method: null },
    merchantWith(aRule({ operation: 'capture' })),
    'priced',
  ],
  ['a command', { operation: 'freeze', ...command }, merchant, 'priced'],
  ['a payment of an inactive merchant', {}, inactive, 'merchant_inactive at validation'],
  ['its capture', { operation: 'capture', method: null }, inactive, 'merchant_inactive at validation'],
  ['its refund', { operation: 'refund', method: null }, inactive, 'priced'],
  ['its holds’ end', { operation: 'expire', ...command }, inactive, 'priced'],
  ['a wallet in the payment’s currency', { sourceCurrency: 'USD' }, merchant, 'priced 30'],
  ['a wallet in another', { sourceCurrency: 'EUR' }, merchant, 'priced 30, 800 EUR for 1000 USD'],
  ['a hold on it', { operation: 'authorize', sourceCurrency: 'EUR' }, merchant, 'priced 30, 800 EUR for 1000 USD'],
  ['by way of the euro', { sourceCurrency: 'JPY' }, merchant, 'priced 30, 1406 JPY for 1000 USD'],
  [
    'with the customer’s fee',
    { sourceCurrency: 'EUR' },
    merchantWith(aRule({ bearer: 'customer' })),
    'priced 30, 824 EUR for 1030 USD',
  ],
  ['with a markup', { sourceCurrency: 'EUR' }, merchantWith(markup()), 'priced, 816 EUR for 1000 USD'],
  [
    'with the markup that names more',
    { sourceCurrency: 'EUR' },
    merchantWith(markup(), markup({ currency: 'USD', percentBps: 100 })),
    'priced, 808 EUR for 1000 USD',
  ],
  [
    'with a markup of other amounts',
    { sourceCurrency: 'EUR' },
    merchantWith(markup({ currency: 'USD', amountFromMinor: 1_001n })),
    'priced, 800 EUR for 1000 USD',
  ],
  [
    'with a markup that is no percentage',
    { sourceCurrency: 'EUR' },
    merchantWith(markup({ currency: 'USD', fixedMinor: 1n })),
    'misconfigured at validation',
  ],
  ['a currency without a rate', { sourceCurrency: 'KWD' }, merchant, 'currency_not_supported at validation'],
  [
    'more than any account holds',
    { amountMinor: 2n ** 62n, sourceCurrency: 'JPY' },
    merchant,
    'amount_invalid at validation',
  ],
  ['by a quote', { sourceCurrency: 'EUR', quote: aQuote() }, merchantWith(markup()), 'priced, 808 EUR for 1000 USD'],
  [
    'by a quote that has just expired',
    { sourceCurrency: 'EUR', quote: aQuote({ expiresAt: NOW }) },
    merchant,
    'fx_quote_expired at validation',
  ],
  [
    'a refund at the original rate',
    { operation: 'refund', method: null, sourceCurrency: 'EUR', refund: { rateChoice: 'original' } },
    merchant,
    'priced',
  ],
  [
    'a refund at today’s',
    { operation: 'refund', method: null, sourceCurrency: 'EUR', refund: { rateChoice: 'current' } },
    merchantWith(markup({ operation: 'refund' })),
    'priced, 1000 USD for 800 EUR',
  ],
  [
    'in a currency without a rate',
    { operation: 'refund', method: null, sourceCurrency: 'KWD', refund: { rateChoice: 'current' } },
    merchant,
    'currency_not_supported at validation',
  ],
])('%s, case %#', (_case, request, by, expected) => {
  expect(inWords(decided(request, by))).toBe(expected);
});

test('a rate is refused when it is too old, whether money is taken or given', () => {
  const refund = { operation: 'refund', method: null, refund: { rateChoice: 'current' } };
  for (const request of [{}, refund]) {
    const inEuro = { ...request, sourceCurrency: 'EUR' };
    expect(decided(inEuro, merchant, 100n).kind).toBe('priced');
    expect(inWords(decided(inEuro, merchant, 99n))).toBe('fx_rate_stale at validation');
  }
});

test('a conversion carries everything it was computed from', () => {
  const decision = decided({ sourceCurrency: 'JPY', amountMinor: 1_000n }, merchantWith(markup()));
  expect(decision).toMatchObject({
    fx: {
      fromCurrency: 'JPY',
      toCurrency: 'USD',
      fromAmountMinor: 1_406n + 29n, // 1405.44 rounded up, and 28.1088 of markup rounded up
      toAmountMinor: 1_000n,
      baseRate: '0.00711520947176684882',
      markupBps: 200,
      markupMinor: 29n,
      roundingMinor: 1n,
      roundingCurrency: 'JPY',
      rateSource: 'ecb',
      ratePublishedAt: NOW - 100n,
      quoteId: null,
    },
  });
  const quoted = decided({ sourceCurrency: 'EUR', quote: aQuote({ rateSource: null, ratePublishedAt: null }) });
  expect(quoted).toMatchObject({ fx: { quoteId: 'fxq_1', rateSource: 'quote', ratePublishedAt: NOW - 60n } });
});

test('the merchant’s rules are asked before anything is priced, and what they said stays on a later refusal', () => {
  const rule = {
    ruleId: 'blocked',
    version: 1n,
    kind: 'block_list',
    decision: 'refuse',
    operation: null,
    methodType: null,
    currency: null,
    amountMinor: null,
    count: null,
    windowSeconds: null,
    matches: ['cus_b', 'mer_b'],
  };
  const careful = { ...merchant, riskPlan: { version: 1n, rules: [rule] } };
  const toBlocked = { operation: 'transfer', transfer: { legs: [{ payeeCustomerId: 'cus_b' }] } };
  expect(inWords(decided(toBlocked, careful))).toBe('rejected_by_rule at validation');
  const ownPayOut = { operation: 'pay_out', ...sandbox, customerId: null, merchantId: 'mer_b' };
  expect(inWords(decided(ownPayOut, careful))).toBe('rejected_by_rule at validation');
  expect(decided({ sourceCurrency: 'KWD' }, careful)).toMatchObject({
    failure: { code: 'currency_not_supported' },
    decisions: [{ ruleId: 'blocked', decision: 'allow' }],
  });
});
