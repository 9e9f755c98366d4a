// Names what this room measures.
import type { Metrics } from '@paystream/telemetry';

export interface MessagingMetrics {
  records: ReturnType<Metrics['counter']>;
  batchSeconds: ReturnType<Metrics['histogram']>;
  retries: ReturnType<Metrics['counter']>;
  lag: ReturnType<Metrics['gauge']>;
  assignments: ReturnType<Metrics['counter']>;
  poison: ReturnType<Metrics['counter']>;
}

export function createMessagingMetrics(metrics: Metrics): MessagingMetrics {
  const labels = ['group', 'topic'];
  return {
    records: metrics.counter('messaging_records_total', 'Records handled to the end.', labels),
    batchSeconds: metrics.histogram('messaging_batch_duration_seconds', 'Time to handle one batch.', labels),
    retries: metrics.counter('messaging_batch_retries_total', 'Batches that failed and will come again.', labels),
    lag: metrics.gauge('messaging_lag_records', 'Records not yet handled.', [...labels, 'partition']),
    assignments: metrics.counter('messaging_assignments_total', 'Times partitions were assigned anew.', ['group']),
    poison: metrics.counter('messaging_poison_total', 'Records that could not be handled and were put aside.', labels),
  };
}
