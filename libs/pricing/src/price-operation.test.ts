// Fees: which rule applies, how it rounds, and that every cent of a payment is somewhere.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeeLine, FeeRule, PricedRequest } from './index.ts';
import { compilePlan, isSound, priceOperation } from './index.ts';

function aRule(overrides: Partial<FeeRule> = {}): FeeRule {
  return {
    ruleId: 'any',
    version: 1n,
    kind: 'processing',
    operation: 'pay',
    methodType: null,
    currency: null,
    amountFromMinor: null,
    amountBelowMinor: null,
    tierMode: null,
    percentBps: 290,
    fixedMinor: 0n,
    minMinor: null,
    maxMinor: null,
    bearer: 'merchant',
    refundPolicy: 'keep',
    ...overrides,
  };
}

const usd = (overrides: Partial<FeeRule> = {}): FeeRule =>
  aRule({ ruleId: 'usd', currency: 'USD', fixedMinor: 30n, ...overrides });

function aRequest(amountMinor: bigint, overrides: Partial<PricedRequest> = {}): PricedRequest {
  return { operation: 'pay', methodType: 'wallet', currency: 'USD', amountMinor, ...overrides };
}

function planOf(rules: readonly FeeRule[]): Parameters<typeof priceOperation>[1] {
  return compilePlan({ feePlanId: 'fp_1', version: 1n, rules });
}

function feesOf(request: PricedRequest, rules: readonly FeeRule[]): FeeLine[] {
  const priced = priceOperation(request, planOf(rules));
  if (!priced.ok) throw new Error(`refused: ${priced.failure.code}`);
  return priced.fees;
}

/** Most random rules without a currency would make no sense, and a property over nothing proves nothing. */
function inMinorUnitsOnlyWithCurrency(rule: Partial<FeeRule>): Partial<FeeRule> {
  if (rule.currency !== null) return rule;
  return { ...rule, fixedMinor: 0n, minMinor: null, maxMinor: null, amountFromMinor: null, amountBelowMinor: null };
}

const takenBy = (fees: readonly FeeLine[]): string => fees.map((fee) => `${fee.ruleId}:${fee.amountMinor}`).join(' ');

describe('the sandbox plan: 2.9 % and 0.30 of US dollars, 2.9 % of anything else', () => {
  const sandbox = [aRule(), usd()];

  test.each([
    // amount, currency, fee
    [1099n, 'USD', 'usd:62'],
    [10_000n, 'USD', 'usd:320'],
    [1099n, 'EUR', 'any:32'],
    [500n, 'JPY', 'any:14'], // 14.5, a tie, goes to the even one
    [1500n, 'JPY', 'any:44'], // 43.5
    [30n, 'USD', 'usd:30'],
    [1n, 'USD', 'usd:1'],
    [10n, 'EUR', ''],
    [2n ** 53n - 1n, 'USD', 'usd:261208778387519'],
  ])('%s %s: %s', (amountMinor, currency, expected) => {
    expect(takenBy(feesOf(aRequest(amountMinor, { currency }), sandbox))).toBe(expected);
  });

  test('a line carries everything it was computed from', () => {
    expect(feesOf(aRequest(1099n), sandbox)).toEqual([
      {
        ruleId: 'usd',
        ruleVersion: 1n,
        kind: 'processing',
        bearer: 'merchant',
        baseMinor: 1099n,
        percentBps: 290,
        fixedMinor: 30n,
        minMinor: null,
        maxMinor: null,
        refundPolicy: 'keep',
        tier: null,
        amountMinor: 62n,
        currency: 'USD',
      },
    ]);
  });

  test('a top-up is not a payment, and costs nothing by this plan', () => {
    expect(feesOf(aRequest(1099n, { operation: 'top_up' }), sandbox)).toEqual([]);
  });
});

describe('which rule applies', () => {
  test.each([
    ['one that names the currency goes first', [aRule(), usd()], 'usd:62'],
    ['in whatever order they stand', [usd(), aRule()], 'usd:62'],
    ['the method goes before the currency', [usd(), aRule({ ruleId: 'wallet', methodType: 'wallet' })], 'wallet:32'],
    ['another method is not meant', [aRule({ methodType: 'card' })], ''],
    ['another operation is not meant', [aRule({ operation: 'refund' })], ''],
    ['equal rules: the first', [aRule({ ruleId: 'first' }), aRule({ ruleId: 'second' })], 'first:32'],
    [
      'each kind is taken once',
      [usd(), aRule({ ruleId: 'platform', kind: 'platform', percentBps: 100 })],
      'usd:62 platform:11',
    ],
    ['markup belongs to conversions', [aRule({ kind: 'fx_markup' })], ''],
    ['below its band', [usd({ amountFromMinor: 1100n })], ''],
    ['at the start of its band', [usd({ amountFromMinor: 1099n })], 'usd:62'],
    ['at the end of its band', [usd({ amountBelowMinor: 1099n })], ''],
    ['beside a band, the general rule', [aRule(), usd({ amountFromMinor: 1100n })], 'any:32'],
  ])('%s', (_case, rules, expected) => {
    expect(takenBy(feesOf(aRequest(1099n), rules))).toBe(expected);
  });
});

describe('bounds', () => {
  test.each([
    ['at least min', usd({ minMinor: 100n }), 1099n, 'usd:100'],
    ['at most max', usd({ maxMinor: 50n }), 1099n, 'usd:50'],
    ['never more than the payment, whatever min says', usd({ minMinor: 100n }), 40n, 'usd:40'],
    ['all of the payment, and not more', usd({ percentBps: 10_000 }), 1099n, 'usd:1099'],
  ])('%s', (_case, rule, amountMinor, expected) => {
    expect(takenBy(feesOf(aRequest(amountMinor), [rule]))).toBe(expected);
  });

  test('two lines share one payment: the second takes what the first left', () => {
    const rules = [usd({ fixedMinor: 80n }), usd({ ruleId: 'platform', kind: 'platform', fixedMinor: 80n })];
    expect(takenBy(feesOf(aRequest(100n), rules))).toBe('usd:83 platform:17');
  });
});

describe('tiers', () => {
  const tiers = (tierMode: string): FeeRule[] => [
    usd({ ruleId: 'low', tierMode, amountBelowMinor: 10_000n, percentBps: 300, fixedMinor: 0n }),
    usd({
      ruleId: 'middle',
      tierMode,
      amountFromMinor: 10_000n,
      amountBelowMinor: 50_000n,
      percentBps: 200,
      fixedMinor: 0n,
    }),
    usd({ ruleId: 'high', tierMode, amountFromMinor: 50_000n, percentBps: 100, fixedMinor: 0n }),
  ];

  test.each([
    ['whole', 9_999n, 'low:300'],
    ['whole', 10_000n, 'middle:200'],
    ['whole', 60_000n, 'high:600'],
    ['marginal', 9_999n, 'low:300'],
    ['marginal', 10_000n, 'low:300'],
    ['marginal', 10_050n, 'low:300 middle:1'],
    ['marginal', 60_000n, 'low:300 middle:800 high:100'],
  ])('%s, %s: %s', (tierMode, amountMinor, expected) => {
    expect(takenBy(feesOf(aRequest(amountMinor), tiers(tierMode)))).toBe(expected);
  });

  test('a band that is only touched takes nothing, not even its fixed part', () => {
    const [low, middle] = tiers('marginal').map((rule) => ({ ...rule, fixedMinor: 5n }));
    if (low === undefined || middle === undefined) throw new Error('there are three tiers');
    expect(takenBy(feesOf(aRequest(10_000n), [low, middle]))).toBe('low:305');
    expect(takenBy(feesOf(aRequest(10_001n), [low, middle]))).toBe('low:305 middle:5');
  });

  test('a line says which band it is of', () => {
    const fees = feesOf(aRequest(60_000n), tiers('marginal'));
    expect(fees.map((fee) => fee.tier)).toEqual(['marginal:0-9999', 'marginal:10000-49999', 'marginal:50000-']);
    expect(fees.map((fee) => fee.baseMinor)).toEqual([10_000n, 40_000n, 10_000n]);
  });
});

describe('a rule that makes no sense', () => {
  test.each([
    ['minor units of no currency', { fixedMinor: 30n }],
    ['a least fee of no currency', { minMinor: 30n }],
    ['a band of no currency', { amountFromMinor: 30n }],
    ['a currency of no country', { currency: 'ZZZ' }],
    ['a fee below zero', { currency: 'USD', fixedMinor: -1n }],
    ['a negative percentage', { percentBps: -1 }],
    ['more than all', { percentBps: 10_001 }],
    ['max below min', { currency: 'USD', minMinor: 2n, maxMinor: 1n }],
    ['an empty band', { currency: 'USD', amountFromMinor: 5n, amountBelowMinor: 5n }],
    ['nobody to bear it', { bearer: 'nobody' }],
    ['an unknown refund policy', { refundPolicy: 'maybe' }],
    ['an unknown kind of tier', { tierMode: 'sloped' }],
  ])('%s is not sound', (_case, overrides) => {
    expect(isSound(aRule(overrides))).toBe(false);
  });

  test('fails the payment it is for as misconfigured, by name, instead of charging a guess', () => {
    const priced = priceOperation(aRequest(1099n), planOf([aRule({ fixedMinor: 30n, version: 7n })]));
    const failure = { code: 'misconfigured', stage: 'validation', ruleId: 'any', ruleVersion: 7n };
    expect(priced).toMatchObject({ ok: false, failure });
  });

  test('does no harm to a payment it is not for', () => {
    expect(takenBy(feesOf(aRequest(1099n), [usd(), aRule({ operation: 'refund', fixedMinor: 30n })]))).toBe('usd:62');
  });
});

describe('for any plan and any payment', () => {
  const minor = fc.bigInt({ min: 0n, max: 10n ** 9n });
  const bound = fc.option(minor);
  const rule = fc
    .record({
      ruleId: fc.uuid(),
      kind: fc.constantFrom('processing', 'platform', 'fx_markup'),
      methodType: fc.option(fc.constantFrom('wallet', 'card')),
      currency: fc.option(fc.constantFrom('USD', 'JPY', 'KWD')),
      amountFromMinor: bound,
      amountBelowMinor: bound,
      tierMode: fc.option(fc.constantFrom('whole', 'marginal')),
      percentBps: fc.integer({ min: 0, max: 10_000 }),
      fixedMinor: minor,
      minMinor: bound,
      maxMinor: bound,
      bearer: fc.constantFrom('merchant', 'customer'),
    })
    .map(inMinorUnitsOnlyWithCurrency)
    .map(aRule)
    .filter(isSound);
  const request = fc
    .record({
      amountMinor: fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 6n }), fc.bigInt({ min: 1n, max: 2n ** 53n - 1n })),
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    })
    .map(({ amountMinor, currency }) => aRequest(amountMinor, { currency }));
  const rules = fc.array(rule, { maxLength: 8 });

  test('fees are above zero and together never more than the payment', () => {
    fc.assert(
      fc.property(request, rules, (asked, listed) => {
        const fees = feesOf(asked, listed);
        const total = fees.reduce((sum, fee) => sum + fee.amountMinor, 0n);
        expect(total <= asked.amountMinor).toBe(true);
        for (const fee of fees) {
          expect(fee.amountMinor > 0n).toBe(true);
          expect(fee.currency).toBe(asked.currency);
        }
      }),
    );
  });

  test('each line can be computed again from what it carries', () => {
    fc.assert(
      fc.property(request, rules, (asked, listed) => {
        let left = asked.amountMinor;
        for (const fee of feesOf(asked, listed)) {
          // Without the half: what an auditor with a pocket calculator gets is at most half a unit away.
          const doubled = (fee.baseMinor * BigInt(fee.percentBps)) / 5_000n + 2n * fee.fixedMinor;
          const clamp = (value: bigint): bigint => {
            const atLeast = fee.minMinor !== null && value < 2n * fee.minMinor ? 2n * fee.minMinor : value;
            const atMost = fee.maxMinor !== null && atLeast > 2n * fee.maxMinor ? 2n * fee.maxMinor : atLeast;
            return atMost > 2n * left ? 2n * left : atMost;
          };
          const distance = 2n * fee.amountMinor - clamp(doubled);
          expect(distance >= -1n && distance <= 1n).toBe(true);
          left -= fee.amountMinor;
        }
      }),
    );
  });

  test('pricing twice gives the same, and so does a plan compiled anew', () => {
    fc.assert(
      fc.property(request, rules, (asked, listed) => {
        const plan = planOf(listed);
        const first = priceOperation(asked, plan);
        expect(priceOperation(asked, plan)).toEqual(first);
        expect(priceOperation(asked, planOf(listed))).toEqual(first);
      }),
    );
  });

  test('the bases of marginal tiers without a gap add up to the payment', () => {
    const bounds = fc.uniqueArray(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(request, bounds, (asked, cuts) => {
        const sorted = cuts.toSorted((a, b) => (a < b ? -1 : 1));
        const tiers = [0n, ...sorted].map((from, index) =>
          aRule({
            ruleId: `${index}`,
            currency: asked.currency,
            tierMode: 'marginal',
            amountFromMinor: from,
            amountBelowMinor: sorted[index] ?? null,
            percentBps: 5_000,
            fixedMinor: 1n,
          }),
        );
        // Each line takes at least 1, so that one is left out only when nothing of the payment is left.
        const fees = feesOf(asked, tiers);
        const base = fees.reduce((sum, fee) => sum + fee.baseMinor, 0n);
        const total = fees.reduce((sum, fee) => sum + fee.amountMinor, 0n);
        if (total < asked.amountMinor) expect(base).toBe(asked.amountMinor);
      }),
    );
  });
});
