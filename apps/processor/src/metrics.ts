// Names what the processor counts.
import type { Counter, Gauge, Histogram, Metrics } from '@paystream/telemetry';

export interface ProcessorMetrics {
  /** Operations that became payment.processed. */
  operations: Counter;
  /** Records that went to the dead letters. */
  deadLetters: Counter;
  /** Operations that fail for what their door should have refused. */
  termsRefused: Counter;
  /** Operations that fail as their merchant's version did not come in time. */
  merchantsUnknown: Counter;
  merchantWaitSeconds: Histogram;
  merchantUpdatesUnreadable: Counter;
  ratesUnreadable: Counter;
  screeningSeconds: Histogram;
  screeningFailures: Counter;
  merchants: Gauge;
  rates: Gauge;
}

/** What is known, counted when somebody asks. */
export interface Known {
  merchants: () => number;
  rates: () => number;
}

export function createProcessorMetrics(metrics: Metrics, known: Known): ProcessorMetrics {
  return {
    operations: metrics.counter(
      'processor_operations_total',
      'Operations decided, by operation and kind of decision.',
      ['operation', 'kind'],
    ),
    deadLetters: metrics.counter('processor_dead_letters_total', 'Records put aside, by reason.', ['reason']),
    termsRefused: metrics.counter(
      'processor_terms_refused_total',
      'Operations that fail for terms their door should have refused, by reason.',
      ['reason'],
    ),
    merchantsUnknown: metrics.counter(
      'processor_merchants_unknown_total',
      "Operations that fail as the version of their merchant's settings did not come in time.",
    ),
    merchantWaitSeconds: metrics.histogram(
      'processor_merchant_wait_duration_seconds',
      'Time for which batches waited that lacked a version of a merchant.',
    ),
    merchantUpdatesUnreadable: metrics.counter(
      'processor_merchant_updates_unreadable_total',
      'Records of merchant.updated that could not be decoded and were passed over.',
    ),
    ratesUnreadable: metrics.counter(
      'processor_rates_unreadable_total',
      'Records of fx.rate that could not be decoded or were no rate, and were passed over.',
    ),
    screeningSeconds: metrics.histogram('processor_screening_duration_seconds', 'Time the screening took for a batch.'),
    screeningFailures: metrics.counter(
      'processor_screening_failures_total',
      'Batches that come again, as the screening failed or was late.',
    ),
    merchants: metrics.gauge('processor_merchants', 'Merchants and environments known.', [], known.merchants),
    rates: metrics.gauge('processor_rates', 'Reference rates known.', [], known.rates),
  };
}
