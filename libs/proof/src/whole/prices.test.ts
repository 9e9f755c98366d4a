// Shows that what was charged is judged by the plans, rates and quotes that can have been in force, and by nothing else.

import { describe, expect, it } from 'vitest';
import { describeDifference } from '../describe.ts';
import type { Difference } from '../differences.ts';
import { createDifferences } from '../differences.ts';
import type { AskedOperation } from '../inputs.ts';
import { ask, conversion, DAY, fee, NOON, SECOND } from '../testing/ask.ts';
import type { MerchantVersion, PlanRule } from './fee-plans.ts';
import { learnVersions } from './merchant-versions.ts';
import { createPrices } from './prices.ts';
import type { PublishedRate } from './reference-rates.ts';

const rule = (overrides: Partial<PlanRule> = {}): PlanRule => ({
  ...{ ruleId: 'standard', version: 1n, kind: 'processing', operation: 'pay', methodType: null, currency: null },
  ...{ amountFromMinor: null, amountBelowMinor: null, tierMode: null, percentBps: 290, fixedMinor: 30n },
  ...{ minMinor: null, maxMinor: null, bearer: 'merchant', refundPolicy: 'keep' },
  ...overrides,
});
const version = (number: bigint, updatedAt: bigint, ...rules: PlanRule[]): MerchantVersion => ({
  ...{ merchantId: 'mer_shop', environment: 'test', version: number, updatedAt, feePlan: { rules } },
});
const rate = (baseCurrency: string, quoteCurrency: string, text: string, publishedAt = NOON - DAY): PublishedRate => ({
  ...{ environment: 'test', baseCurrency, quoteCurrency, rate: text, source: 'ecb', publishedAt },
});

const paid = (overrides: Partial<AskedOperation> = {}) => ask({ amountMinor: 1_099n, fees: [fee()], ...overrides });
const converted = (overrides: Partial<AskedOperation> = {}) =>
  paid({ fees: [], sourceCurrency: 'EUR', fx: conversion(), ...overrides });
const quote = {
  quoteId: 'fxq_1',
  baseRate: '1.1642',
  markupBps: 100,
  quotedAt: NOON - SECOND,
  expiresAt: NOON + SECOND,
};
const markup = rule({ ruleId: 'fx', kind: 'fx_markup', percentBps: 100, fixedMinor: 0n });

interface World {
  readonly versions: readonly MerchantVersion[];
  readonly rates?: readonly PublishedRate[];
}

function judge(asked: AskedOperation, { versions, rates = [] }: World): readonly Difference[] {
  const differences = createDifferences();
  const prices = createPrices(differences);
  for (const each of versions) prices.learnVersion(each);
  for (const each of rates) prices.learnRate(each);
  prices.check(asked, { partition: 3, offset: 7n });
  expect(differences.kept().map(describeDifference).join()).not.toMatch(/undefined|\[object/);
  return differences.kept();
}

const first = version(1n, NOON - DAY, rule());
const lower = fee({ ruleVersion: 2n, percentBps: 100, amountMinor: 41n });
const second = (at: bigint): MerchantVersion => version(2n, at, rule({ version: 2n, percentBps: 100 }));
const tiers = [
  rule({ tierMode: 'marginal', amountBelowMinor: 500n, percentBps: 300, fixedMinor: 0n }),
  rule({ tierMode: 'marginal', amountFromMinor: 500n, percentBps: 100, fixedMinor: 40n }),
];
const band = { fixedMinor: 0n, percentBps: 300, tier: 'marginal:0-499', baseMinor: 500n, amountMinor: 15n };
const inTiers = [
  fee(band),
  fee({ percentBps: 100, fixedMinor: 40n, tier: 'marginal:500-', baseMinor: 599n, amountMinor: 46n }),
];
const euro = [rate('EUR', 'USD', '1.1642')];
const withMarkup = version(1n, NOON - DAY, markup);

const right: [what: string, asked: AskedOperation, world: World][] = [
  ['by the plan in force', paid(), { versions: [first] }],
  ['by the plan that came a moment later', paid({ fees: [lower] }), { versions: [first, second(NOON + 59n * SECOND)] }],
  ['by the plan that had gone a moment before', paid(), { versions: [first, second(NOON - 59n * SECOND)] }],
  [
    'by the rule that names the method',
    paid(),
    {
      versions: [version(1n, 0n, rule({ ruleId: 'any', percentBps: 9 }), rule({ methodType: 'wallet' }))],
    },
  ],
  ['by tiers', paid({ fees: inTiers }), { versions: [version(1n, 0n, ...tiers)] }],
  ['by a plan without a rule for it', paid({ fees: [] }), { versions: [version(1n, 0n)] }],
  ['at the reference rate', converted(), { versions: [withMarkup], rates: euro }],
  [
    'at a rate told the other way round',
    converted({ fx: conversion({ baseRate: '2' }) }),
    {
      versions: [withMarkup],
      rates: [rate('USD', 'EUR', '0.5')],
    },
  ],
  [
    'at a rate by way of a third currency',
    converted({ fx: conversion({ baseRate: '1.5' }) }),
    {
      versions: [withMarkup],
      rates: [rate('GBP', 'USD', '3'), rate('GBP', 'EUR', '2')],
    },
  ],
  ['by its quote', converted({ quote, fx: conversion({ quoteId: 'fxq_1' }) }), { versions: [withMarkup], rates: euro }],
  ['what was refused', paid({ kind: 'refused', fees: [] }), { versions: [first] }],
];

const wrong: [what: string, asked: AskedOperation, world: World, field: string][] = [
  ['a fee of a plan that had long gone', paid(), { versions: [first, second(NOON - 61n * SECOND)] }, 'fees'],
  [
    'a fee of a plan that was still to come',
    paid({ fees: [lower] }),
    { versions: [first, second(NOON + 61n * SECOND)] },
    'fees',
  ],
  ['a fee that no plan has', paid({ fees: [fee({ ruleId: 'x' })] }), { versions: [first] }, 'fees'],
  ['a fee left out', paid({ fees: [] }), { versions: [first] }, 'fees'],
  ['a refund policy', paid({ fees: [fee({ refundPolicy: 'return_all' })] }), { versions: [first] }, 'fees'],
  ['a merchant nobody knows', paid(), { versions: [] }, 'fees'],
  [
    'a rate that was never published',
    converted({ fx: conversion({ baseRate: '11.642' }) }),
    { versions: [withMarkup], rates: euro },
    'rate',
  ],
  [
    'a rate of yesterday',
    converted(),
    { versions: [withMarkup], rates: [...euro, rate('EUR', 'USD', '1.2', NOON - 3_600n * SECOND)] },
    'rate',
  ],
  ['a markup', converted({ fx: conversion({ markupBps: 1 }) }), { versions: [withMarkup], rates: euro }, 'markup'],
  [
    'a quote that had ended',
    converted({ quote: { ...quote, expiresAt: NOON }, fx: conversion({ quoteId: 'fxq_1' }) }),
    { versions: [withMarkup], rates: euro },
    'quote',
  ],
  [
    'a quote at a rate nobody published',
    converted({ quote: { ...quote, baseRate: '9' }, fx: conversion({ quoteId: 'fxq_1', baseRate: '9' }) }),
    { versions: [withMarkup], rates: euro },
    'rate',
  ],
];

describe('a price', () => {
  it.each(right)('%s is right', (_what, asked, world) => {
    expect(judge(asked, world)).toEqual([]);
  });

  it.each(wrong)('with %s is named', (_what, asked, world, field) => {
    const { operationId } = asked;
    expect(judge(asked, world)).toEqual([
      expect.objectContaining({ kind: 'terms_wrong', operationId, partition: 3, offset: 7n, field }),
    ]);
  });
});

describe('a version of a merchant’s settings', () => {
  const learnedOf = async (record: MerchantVersion, stored: readonly MerchantVersion[]) => {
    const differences = createDifferences();
    const learned: MerchantVersion[] = [];
    const records = (async function* () {
      yield await Promise.resolve([{ value: record, partition: 0, offset: 4n }]);
    })();
    const versionsNow = () =>
      Promise.resolve(
        // As JSON keeps it: bigints as text.
        stored.map(({ feePlan, ...rest }) => ({
          ...rest,
          feePlan: JSON.parse(
            JSON.stringify(feePlan, (_name, each: unknown) => (typeof each === 'bigint' ? String(each) : each)),
          ) as object,
        })),
      );
    await learnVersions({ records, versionsNow, learn: (each) => learned.push(each) }, differences);
    return { learned, kinds: differences.kept().map(({ kind }) => kind) };
  };

  it('counts when the gateway keeps it, and is named and not learned when it does not', async () => {
    expect(await learnedOf(first, [first])).toEqual({ learned: [first], kinds: [] });
    expect(await learnedOf(second(NOON), [first])).toEqual({ learned: [], kinds: ['record_without_origin'] });
    expect(await learnedOf({ ...first, ...second(NOON), version: 1n }, [first])).toEqual({
      learned: [],
      kinds: ['record_not_as_asked'],
    });
  });
});
