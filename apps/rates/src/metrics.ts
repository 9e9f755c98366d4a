// Names what the rate feed counts.
import type { Counter, Metrics } from '@paystream/telemetry';

/** What became of a look at the source. */
export type LookResult = 'published' | 'nothing_new' | 'failed';

export interface RatesMetrics {
  published: Counter;
  looks: Counter;
}

export function createRatesMetrics(metrics: Metrics, newestAgeSeconds: () => number): RatesMetrics {
  metrics.gauge(
    'rates_newest_age_seconds',
    'Age of the newest rate that is published; infinite while there is none.',
    [],
    newestAgeSeconds,
  );
  return {
    published: metrics.counter('rates_published_total', 'Rates published, by environment.', ['environment']),
    looks: metrics.counter('rates_looks_total', 'Looks at the source, by result.', ['result']),
  };
}
