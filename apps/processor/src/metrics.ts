// Names what the processor counts.
import type { Counter, Gauge, Histogram, Metrics } from '@paystream/telemetry';

export interface ProcessorMetrics {
  /** Operations that became payment.processed. */
  operations: Counter;
  /** Records that went to the dead letters. */
  deadLetters: Counter;
  merchantWaitSeconds: Histogram;
  merchantUpdatesUnreadable: Counter;
  merchants: Gauge;
}

export function createProcessorMetrics(metrics: Metrics, merchantCount: () => number): ProcessorMetrics {
  return {
    operations: metrics.counter(
      'processor_operations_total',
      'Operations decided, by operation and kind of decision.',
      ['operation', 'kind'],
    ),
    deadLetters: metrics.counter('processor_dead_letters_total', 'Records put aside, by reason.', ['reason']),
    merchantWaitSeconds: metrics.histogram(
      'processor_merchant_wait_duration_seconds',
      'Time a batch waited for a version of a merchant.',
    ),
    merchantUpdatesUnreadable: metrics.counter(
      'processor_merchant_updates_unreadable_total',
      'Records of merchant.updated that could not be decoded and were passed over.',
    ),
    merchants: metrics.gauge('processor_merchants', 'Merchants and environments known.', [], merchantCount),
  };
}
