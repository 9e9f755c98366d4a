// Conversions between all currencies there are: every minor unit is somewhere, and parts add up to the whole.
import { currencies, exponentOf, parseRate } from '@paystream/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConversionTerms, Taken } from './index.ts';
import { giveFor, isSoundConversion, takeFor } from './index.ts';

const pairs = currencies.flatMap((from) => currencies.filter((to) => to !== from).map((to) => [from, to] as const));
/** Each run goes over some 31,000 pairs. */
const RUNS = { numRuns: 4 };

const rate = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, decimals]) => {
    const text = digits.toString().padStart(decimals + 1, '0');
    return decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
  });
const markupBps = fc.integer({ min: 0, max: 10_000 });
const minor = fc.oneof(fc.bigInt({ min: 1n, max: 10_000n }), fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }));
/** Sums of a payment that is captured bit by bit, from nothing to all of it. */
const sums = fc
  .uniqueArray(minor, { minLength: 1, maxLength: 4 })
  .map((reached) => [0n, ...reached.toSorted((a, b) => (a < b ? -1 : 1))]);

/** What an amount is worth in the other currency, as numerator over denominator: by whole numbers alone. */
function worth({ fromCurrency, toCurrency, baseRate }: ConversionTerms, fromMinor: bigint): [bigint, bigint] {
  const [digits, decimals] = [BigInt(baseRate.replace('.', '')), BigInt(baseRate.split('.')[1]?.length ?? 0)];
  return [
    fromMinor * digits * 10n ** BigInt(exponentOf(toCurrency)),
    10n ** (decimals + BigInt(exponentOf(fromCurrency))),
  ];
}

/** What it takes for an amount to arrive: the other way round. */
function price(terms: ConversionTerms, towardMinor: bigint): [bigint, bigint] {
  const [bottom, top] = worth(terms, 1n);
  return [towardMinor * top, bottom];
}

function forAllPairs(check: (terms: ConversionTerms) => void, terms: { baseRate: string; markupBps: number }): void {
  for (const [fromCurrency, toCurrency] of pairs) check({ fromCurrency, toCurrency, ...terms });
}

/** Plain conditions: an assertion each would take longer than the computing. */
function must(holds: boolean, what: string, terms: ConversionTerms): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(terms)}`);
}

describe('what is taken, between any two currencies', () => {
  test('is what has to arrive, rounded once: up for the customer, to the nearest for the position', () => {
    fc.assert(
      fc.property(rate, markupBps, minor, (baseRate, bps, toward) => {
        forAllPairs(
          (terms) => {
            const { collectedMinor, positionMinor, roundingMinor, markupMinor } = takeFor(terms, toward);
            const [top, bottom] = price(terms, toward);
            must(
              collectedMinor * bottom >= top && (collectedMinor - 1n) * bottom < top,
              'collected is rounded up',
              terms,
            );
            const twiceOff = 2n * (positionMinor * bottom - top);
            must(twiceOff <= bottom && twiceOff >= -bottom, 'position is the nearest', terms);
            must(roundingMinor === 0n || roundingMinor === 1n, 'rounding is one unit at most', terms);
            must(collectedMinor === positionMinor + roundingMinor, 'nothing is lost', terms);
            const [markupTop, markupBottom] = [top * BigInt(bps), bottom * 10_000n];
            const isUp = markupMinor * markupBottom >= markupTop && (markupMinor - 1n) * markupBottom < markupTop;
            must(isUp, 'markup is of the exact amount, rounded up', terms);
          },
          { baseRate, markupBps: bps },
        );
      }),
      RUNS,
    );
  });

  test('never falls as more is captured, and parts add up to the whole', () => {
    fc.assert(
      fc.property(rate, markupBps, sums, (baseRate, bps, reached) => {
        forAllPairs(
          (terms) => {
            const targets = reached.map((sum) => takeFor(terms, sum));
            const parts = differences(targets);
            const whole = targets.at(-1);
            must(
              Object.values(targets[0] ?? {}).every((value) => value === 0n),
              'nothing costs nothing',
              terms,
            );
            for (const name of ['collectedMinor', 'positionMinor', 'markupMinor'] as const) {
              must(
                parts.every((part) => part[name] >= 0n),
                `${name} never falls`,
                terms,
              );
            }
            for (const part of parts) {
              must(part.collectedMinor === part.positionMinor + part.roundingMinor, 'each part is whole', terms);
            }
            const total = parts.reduce((sum, part) => sum + part.collectedMinor + part.markupMinor, 0n);
            must(total === (whole?.collectedMinor ?? 0n) + (whole?.markupMinor ?? 0n), 'parts add up', terms);
          },
          { baseRate, markupBps: bps },
        );
      }),
      RUNS,
    );
  });

  test('is worth what has to arrive, and one unit less is not', () => {
    fc.assert(
      fc.property(rate, minor, (baseRate, toward) => {
        forAllPairs(
          (terms) => {
            const { collectedMinor } = takeFor(terms, toward);
            must(giveFor(terms, collectedMinor).paidMinor >= toward, 'enough', terms);
            must(giveFor(terms, collectedMinor - 1n).paidMinor < toward, 'and no more than that', terms);
          },
          { baseRate, markupBps: 0 },
        );
      }),
      RUNS,
    );
  });
});

describe('what is given, between any two currencies', () => {
  test('is rounded down, what rounding leaves is one unit at most, and it never falls', () => {
    fc.assert(
      fc.property(rate, sums, (baseRate, reached) => {
        forAllPairs(
          (terms) => {
            let before = 0n;
            for (const sum of reached) {
              const { paidMinor, roundingMinor } = giveFor(terms, sum);
              const [top, bottom] = worth(terms, sum);
              must(paidMinor * bottom <= top && (paidMinor + 1n) * bottom > top, 'paid is rounded down', terms);
              const twiceOff = 2n * ((paidMinor + roundingMinor) * bottom - top);
              must(twiceOff <= bottom && twiceOff >= -bottom, 'with what rounding leaves it is the nearest', terms);
              must(paidMinor >= before, 'paid never falls', terms);
              before = paidMinor;
            }
          },
          { baseRate, markupBps: 0 },
        );
      }),
      RUNS,
    );
  });
});

function differences(targets: readonly Taken[]): Taken[] {
  return targets.slice(1).map((after, index) => {
    const before = targets[index] ?? after;
    return {
      collectedMinor: after.collectedMinor - before.collectedMinor,
      positionMinor: after.positionMinor - before.positionMinor,
      roundingMinor: after.roundingMinor - before.roundingMinor,
      markupMinor: after.markupMinor - before.markupMinor,
    };
  });
}

test.each<[string, ConversionTerms, bigint, Taken]>([
  [
    'yen for a dollar payment',
    { fromCurrency: 'JPY', toCurrency: 'USD', baseRate: '0.0063592896174863388', markupBps: 200 },
    1_099n,
    { collectedMinor: 1_729n, positionMinor: 1_728n, roundingMinor: 1n, markupMinor: 35n },
  ],
  [
    'dollars for a Kuwaiti dinar',
    { fromCurrency: 'USD', toCurrency: 'KWD', baseRate: '0.3', markupBps: 0 },
    1_000n,
    { collectedMinor: 334n, positionMinor: 333n, roundingMinor: 1n, markupMinor: 0n },
  ],
  [
    'a tie goes to the even one',
    { fromCurrency: 'USD', toCurrency: 'EUR', baseRate: '2', markupBps: 1 },
    5n,
    { collectedMinor: 3n, positionMinor: 2n, roundingMinor: 1n, markupMinor: 1n },
  ],
])('%s', (_case, terms, toward, expected) => {
  expect(takeFor(terms, toward)).toEqual(expected);
});

test.each<[boolean, Partial<ConversionTerms>]>([
  [true, {}],
  [true, { markupBps: 0 }],
  [true, { markupBps: 10_000 }],
  [false, { markupBps: 10_001 }],
  [false, { markupBps: -1 }],
  [false, { markupBps: 0.5 }],
  [false, { toCurrency: 'USD' }],
  [false, { baseRate: '0' }],
  [false, { baseRate: 'one' }],
])('sound: %s, %o', (sound, overrides) => {
  const terms = { fromCurrency: 'USD', toCurrency: 'EUR', baseRate: '0.9', markupBps: 100, ...overrides };
  expect(isSoundConversion(terms)).toBe(sound);
  if (parseRate(terms.baseRate) === undefined) expect(() => takeFor(terms, 1n)).toThrow(RangeError);
});
