// Which rate applies: the newest published in time, as it is, the other way round, or by way of a third currency.
import { parseRate } from '@paystream/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FoundRate, ReferenceRate, WantedRate } from './index.ts';
import { createRates } from './index.ts';

function aRate(overrides: Partial<ReferenceRate> = {}): ReferenceRate {
  return {
    environment: 'test',
    baseCurrency: 'EUR',
    quoteCurrency: 'USD',
    rate: '1.1172',
    source: 'ecb',
    rateDate: '2026-10-30',
    publishedAt: 100n,
    ...overrides,
  };
}

function ratesOf(...learned: Partial<ReferenceRate>[]): ReturnType<typeof createRates> {
  const rates = createRates();
  for (const rate of learned) rates.learn(aRate(rate));
  return rates;
}

const wanted = (fromCurrency: string, toCurrency: string, overrides: Partial<WantedRate> = {}): WantedRate => ({
  environment: 'test',
  fromCurrency,
  toCurrency,
  at: 1_000n,
  ageMaxMicros: null,
  ...overrides,
});

const inWords = (found: FoundRate | 'unknown' | 'stale'): string =>
  typeof found === 'string' ? found : `${found.baseRate} of ${found.publishedAt}`;

describe('between which currencies', () => {
  const rates = ratesOf(
    { rate: '1.1172' },
    { quoteCurrency: 'JPY', rate: '175.680', publishedAt: 90n },
    { quoteCurrency: 'IDR', rate: '20275.17' },
    { environment: 'live', quoteCurrency: 'GBP', rate: '0.8338' },
  );

  test.each([
    ['EUR', 'USD', '1.1172 of 100'],
    ['EUR', 'JPY', '175.680 of 90'], // a published rate keeps its own text
    ['USD', 'EUR', '0.895094880057286072 of 100'],
    ['JPY', 'EUR', '0.00569216757741347905 of 90'],
    ['USD', 'JPY', '157.250268528464017 of 90'], // as old as the older of the two
    ['JPY', 'USD', '0.0063592896174863388 of 90'],
    ['IDR', 'EUR', '0.0000493214113617789641 of 100'],
    ['EUR', 'GBP', 'unknown'], // known, but not in this environment
    ['USD', 'KWD', 'unknown'],
    ['KWD', 'USD', 'unknown'],
  ])('%s to %s: %s', (from, to, expected) => {
    expect(inWords(rates.find(wanted(from, to)))).toBe(expected);
  });
});

describe('of which time', () => {
  const rates = ratesOf(
    { rate: '3', publishedAt: 300n },
    { rate: '1', publishedAt: 100n },
    { rate: '2', publishedAt: 200n },
  );

  test.each([
    [99n, null, 'unknown'],
    [100n, null, '1 of 100'],
    [199n, null, '1 of 100'],
    [200n, null, '2 of 200'],
    [9_999n, null, '3 of 300'],
    [310n, 10n, '3 of 300'],
    [311n, 10n, 'stale'],
  ])('at %s, at most %s old: %s', (at, ageMaxMicros, expected) => {
    expect(inWords(rates.find(wanted('EUR', 'USD', { at, ageMaxMicros })))).toBe(expected);
  });

  test('of a published rate, its inverse and a way round the newest counts', () => {
    const both = ratesOf({ rate: '2' }, { baseCurrency: 'USD', quoteCurrency: 'EUR', rate: '0.25', publishedAt: 200n });
    expect(inWords(both.find(wanted('EUR', 'USD')))).toBe('4 of 200');
    expect(inWords(both.find(wanted('EUR', 'USD', { at: 150n })))).toBe('2 of 100');
  });
});

describe('what is learned', () => {
  test('a repetition changes nothing, and what was published at a time stays what it was', () => {
    const rates = ratesOf({ rate: '2' }, { rate: '2' }, { rate: '5' });
    expect(rates.count()).toBe(1);
    expect(inWords(rates.find(wanted('EUR', 'USD')))).toBe('2 of 100');
  });

  test.each<Partial<ReferenceRate>>([
    { rate: 'N/A' },
    { rate: '0' },
    { rate: '-1' },
    { rate: '1e3' },
    { quoteCurrency: 'EUR' },
    { quoteCurrency: 'XXX' },
    { baseCurrency: 'eur' },
  ])('%o is no rate', (overrides) => {
    const rates = createRates();
    expect(rates.learn(aRate(overrides))).toBe(false);
    expect(rates.count()).toBe(0);
  });

  test('in whatever order they come, each time has its rate', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.bigInt({ min: 1n, max: 10_000n }), { minLength: 1 }),
        fc.bigInt(0n, 11_000n),
        (times, at) => {
          const rates = ratesOf(...times.map((publishedAt) => ({ publishedAt, rate: `${publishedAt}` })));
          const due = times.filter((time) => time <= at).toSorted((a, b) => Number(b - a))[0];
          expect(inWords(rates.find(wanted('EUR', 'USD', { at })))).toBe(
            due === undefined ? 'unknown' : `${due} of ${due}`,
          );
        },
      ),
    );
  });

  test('an absurd rate makes no other one, and nothing throws', () => {
    const rates = ratesOf({ rate: `0.${'0'.repeat(30)}1` }, { quoteCurrency: 'JPY', rate: '175.680' });
    expect(inWords(rates.find(wanted('USD', 'EUR')))).toBe('unknown');
    expect(inWords(rates.find(wanted('USD', 'JPY')))).toBe('unknown');
    expect(inWords(rates.find(wanted('JPY', 'USD')))).toBe('unknown');
  });

  test('every rate found is text that names a rate', () => {
    const digits = fc.bigInt({ min: 1n, max: 10n ** 9n });
    const rate = digits.map((value) => `${value / 10_000n}.${`${value % 10_000n}`.padStart(4, '0')}`);
    fc.assert(
      fc.property(rate, rate, (usd, jpy) => {
        const rates = ratesOf({ rate: usd }, { quoteCurrency: 'JPY', rate: jpy });
        for (const [from, to] of [
          ['USD', 'JPY'],
          ['JPY', 'EUR'],
          ['USD', 'EUR'],
        ] as const) {
          const found = rates.find(wanted(from, to));
          expect(typeof found === 'string' ? undefined : parseRate(found.baseRate)).toBeDefined();
        }
      }),
    );
  });
});
