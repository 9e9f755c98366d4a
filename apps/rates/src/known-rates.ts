// Remembers which rates are on the topic already, so that each is published once.
import type { FxRate } from '@paystream/topics';

export interface KnownRates {
  learn(rate: FxRate): void;
  has(rate: FxRate): boolean;
  /** When the newest was published; null while there is none. */
  newest(): bigint | null;
  count(): number;
}

export function createKnownRates(): KnownRates {
  const names = new Set<string>();
  let newest: bigint | null = null;
  return {
    learn(rate) {
      names.add(nameOf(rate));
      if (newest === null || rate.publishedAt > newest) newest = rate.publishedAt;
    },
    has: (rate) => names.has(nameOf(rate)),
    newest: () => newest,
    count: () => names.size,
  };
}

/** What the topic promises: an equal name means the same rate. */
export function nameOf({ environment, source, baseCurrency, quoteCurrency, rateDate }: FxRate): string {
  return `${environment}.${source}.${baseCurrency}/${quoteCurrency}.${rateDate}`;
}
