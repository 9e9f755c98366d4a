// Knows every reference rate that has been published, and which of them converts between two currencies at a time.
import type { Ratio } from '@paystream/money';
import { divide, isCurrency, parseRate, ratio, toDecimal } from '@paystream/money';

/** A rate as published, field for field as fx.rate carries it. */
export interface ReferenceRate {
  environment: string;
  baseCurrency: string;
  quoteCurrency: string;
  /** Decimal text: quoteCurrency per one baseCurrency. */
  rate: string;
  source: string;
  rateDate: string;
  /** Microseconds since the epoch, UTC. */
  publishedAt: bigint;
}

export interface WantedRate {
  environment: string;
  fromCurrency: string;
  toCurrency: string;
  /** Only what was published by then counts. */
  at: bigint;
  /** Null: any age. */
  ageMaxMicros: bigint | null;
}

export interface FoundRate {
  /** Decimal text: toCurrency per one fromCurrency. */
  baseRate: string;
  source: string;
  /** Of a rate made of two, the older one's. */
  publishedAt: bigint;
}

export interface Rates {
  /** Takes in a rate; a repetition changes nothing. False when it is no rate between two currencies. */
  learn(rate: ReferenceRate): boolean;
  /** The newest rate for two currencies: published as it is, the other way round, or by way of a third. */
  find(wanted: WantedRate): FoundRate | 'unknown' | 'stale';
  /** Number of rates known. */
  count(): number;
}

/** As many as any rate has; docs/operations.md names the number. */
const SIGNIFICANT_DIGITS = 18;

/** What is as far from one as this, or further, is not computed with: currencies are never so far apart. */
const RATE_BELOW = 10n ** 17n;

interface Published {
  text: string;
  value: Ratio;
  source: string;
  publishedAt: bigint;
}

export function createRates(): Rates {
  /** By environment and pair, the oldest first. */
  const series = new Map<string, Published[]>();
  /** Currencies that others are quoted in, by environment. */
  const bases = new Map<string, Set<string>>();
  let count = 0;

  const newest = ({ environment, at }: WantedRate, base: string, quote: string): Published | undefined => {
    const published = series.get(`${environment} ${base} ${quote}`) ?? [];
    return published[countUpTo(published, at) - 1];
  };
  const inverse = (wanted: WantedRate): FoundRate | undefined => {
    const published = newest(wanted, wanted.toCurrency, wanted.fromCurrency);
    return published && computed(published, divide(ratio(1n, 1n), published.value));
  };
  const direct = (wanted: WantedRate): FoundRate | undefined => {
    const published = newest(wanted, wanted.fromCurrency, wanted.toCurrency);
    return published && { ...published, baseRate: published.text };
  };
  const crosses = (wanted: WantedRate): (FoundRate | undefined)[] =>
    [...(bases.get(wanted.environment) ?? [])].flatMap((base) => {
      const from = newest(wanted, base, wanted.fromCurrency);
      const to = newest(wanted, base, wanted.toCurrency);
      if (from === undefined || to === undefined) return [];
      const older = to.publishedAt < from.publishedAt ? to : from;
      return [computed(older, divide(to.value, from.value))];
    });

  return {
    learn(rate) {
      const { environment, baseCurrency, quoteCurrency, publishedAt, source } = rate;
      const value = parseRate(rate.rate);
      const isPair = isCurrency(baseCurrency) && isCurrency(quoteCurrency) && baseCurrency !== quoteCurrency;
      if (value === undefined || !isPair) return false;
      const name = `${environment} ${baseCurrency} ${quoteCurrency}`;
      const published = series.get(name) ?? [];
      const place = countUpTo(published, publishedAt);
      // What was published at a time stays what it was: events have been priced by it.
      if (published[place - 1]?.publishedAt === publishedAt) return true;
      published.splice(place, 0, { text: rate.rate, value, source, publishedAt });
      series.set(name, published);
      bases.set(environment, (bases.get(environment) ?? new Set()).add(baseCurrency));
      count += 1;
      return true;
    },
    find(wanted) {
      const found = [direct(wanted), inverse(wanted), ...crosses(wanted)].filter((one) => one !== undefined);
      const [first, ...others] = found;
      if (first === undefined) return 'unknown';
      // Of equally new ones the first: no arithmetic is better than some.
      const best = others.reduce((best, other) => (other.publishedAt > best.publishedAt ? other : best), first);
      const { baseRate, source, publishedAt } = best;
      if (wanted.ageMaxMicros !== null && wanted.at - publishedAt > wanted.ageMaxMicros) return 'stale';
      return { baseRate, source, publishedAt };
    },
    count: () => count,
  };
}

/** How many of them, the oldest first, were published by a time. */
function countUpTo(published: readonly Published[], at: bigint): number {
  let low = 0;
  let high = published.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((published[middle]?.publishedAt ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A rate made of others; undefined when it is too large or small to be written: one absurd rate must not stop a partition. */
function computed({ source, publishedAt }: Published, value: Ratio): FoundRate | undefined {
  if (value.numerator >= value.denominator * RATE_BELOW || value.denominator >= value.numerator * RATE_BELOW) {
    return undefined;
  }
  return { source, publishedAt, baseRate: toDecimal(value, SIGNIFICANT_DIGITS) };
}
