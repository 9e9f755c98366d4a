// Knows every reference rate that was published, and which can have converted between two currencies at a time.

import type { Ratio } from '@paystream/money';
import { divide, parseRate, ratio, toDecimal } from '@paystream/money';

/** A rate as published; `rate` is `quoteCurrency` per one `baseCurrency`. */
export interface PublishedRate {
  readonly environment: string;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  readonly rate: string;
  readonly source: string;
  /** Microseconds since the epoch. */
  readonly publishedAt: bigint;
}

export interface WantedRate {
  readonly environment: string;
  readonly fromCurrency: string;
  readonly toCurrency: string;
}

export interface FoundRate {
  readonly baseRate: string;
  readonly rateSource: string;
  readonly ratePublishedAt: bigint;
}

export interface ReferenceRates {
  readonly learn: (rate: PublishedRate) => void;
  /** The newest at that time: as published, the other way round, or by way of a base; more than one when equally new. */
  readonly findAt: (wanted: WantedRate, at: bigint) => readonly FoundRate[];
}

/** As docs/operations.md has it for a rate that is computed of others. */
const SIGNIFICANT_DIGITS = 18;
const RATE_BELOW = 10n ** 17n;

export function createReferenceRates(): ReferenceRates {
  /** By environment and pair; sorted when it is asked for. */
  const series = new Map<string, { isSorted: boolean; rates: PublishedRate[] }>();
  const bases = new Map<string, Set<string>>();

  const newest = (environment: string, base: string, quote: string, at: bigint): PublishedRate | undefined => {
    const known = series.get(`${environment} ${base} ${quote}`);
    if (known === undefined) return undefined;
    if (!known.isSorted) {
      known.rates = sortOnce(known.rates);
      known.isSorted = true;
    }
    return known.rates[countUpTo(known.rates, at) - 1];
  };

  return {
    learn: (rate) => {
      const { environment, baseCurrency, quoteCurrency } = rate;
      if (parseRate(rate.rate) === undefined) return;
      const name = `${environment} ${baseCurrency} ${quoteCurrency}`;
      const known = series.get(name) ?? { isSorted: false, rates: [] };
      series.set(name, known);
      known.rates.push(rate);
      known.isSorted = false;
      bases.set(environment, (bases.get(environment) ?? new Set()).add(baseCurrency));
    },
    findAt: ({ environment, fromCurrency, toCurrency }, at) => {
      const found: FoundRate[] = [];
      const direct = newest(environment, fromCurrency, toCurrency, at);
      if (direct !== undefined) found.push(toFound(direct, direct.rate));
      const inverse = newest(environment, toCurrency, fromCurrency, at);
      if (inverse !== undefined) found.push(...computed(inverse, divide(ratio(1n, 1n), valueOf(inverse))));
      for (const base of bases.get(environment) ?? []) {
        const from = newest(environment, base, fromCurrency, at);
        const to = newest(environment, base, toCurrency, at);
        if (from === undefined || to === undefined) continue;
        const older = to.publishedAt < from.publishedAt ? to : from;
        found.push(...computed(older, divide(valueOf(to), valueOf(from))));
      }
      const latest = found.reduce((best, rate) => (rate.ratePublishedAt > best ? rate.ratePublishedAt : best), 0n);
      return found.filter(({ ratePublishedAt }) => ratePublishedAt === latest);
    },
  };
}

function toFound({ source, publishedAt }: PublishedRate, baseRate: string): FoundRate {
  return { baseRate, rateSource: source, ratePublishedAt: publishedAt };
}

function valueOf({ rate }: PublishedRate): Ratio {
  // What is no rate was not learned.
  return parseRate(rate) ?? ratio(0n, 1n);
}

/** None when it is too large or too small to be written: currencies are never so far apart. */
function computed(of: PublishedRate, value: Ratio): FoundRate[] {
  const isWritable =
    value.numerator < value.denominator * RATE_BELOW && value.denominator < value.numerator * RATE_BELOW;
  return isWritable ? [toFound(of, toDecimal(value, SIGNIFICANT_DIGITS))] : [];
}

/** By time; of one time the first that was told: what was published stays what it was. */
function sortOnce(rates: readonly PublishedRate[]): PublishedRate[] {
  const first = new Map<bigint, PublishedRate>();
  for (const rate of rates) if (!first.has(rate.publishedAt)) first.set(rate.publishedAt, rate);
  return [...first.values()].toSorted((a, b) => (a.publishedAt < b.publishedAt ? -1 : 1));
}

/** How many of them were published by then. */
function countUpTo(rates: readonly PublishedRate[], at: bigint): number {
  let [low, high] = [0, rates.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rates[middle]?.publishedAt ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
