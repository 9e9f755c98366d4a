// Names what this room measures.
import { createRequire } from 'node:module';
import type { Metrics } from '@paystream/telemetry';

const require = createRequire(import.meta.url);
// kafkajs ships no types for its inner files; the shape is that of the pinned version.
const API_KEYS = require('kafkajs/src/protocol/requests/apiKeys.js') as Readonly<Record<string, number>>;

export interface MessagingMetrics {
  records: ReturnType<Metrics['counter']>;
  batchSeconds: ReturnType<Metrics['histogram']>;
  retries: ReturnType<Metrics['counter']>;
  lag: ReturnType<Metrics['gauge']>;
  assignments: ReturnType<Metrics['counter']>;
  poison: ReturnType<Metrics['counter']>;
  stalled: ReturnType<Metrics['gauge']>;
}

export function createMessagingMetrics(metrics: Metrics): MessagingMetrics {
  const labels = ['group', 'topic'];
  return {
    records: metrics.counter('messaging_records_total', 'Records handled to the end.', labels),
    batchSeconds: metrics.histogram('messaging_batch_duration_seconds', 'Time to handle one batch.', labels),
    retries: metrics.counter('messaging_batch_retries_total', 'Batches that failed and will come again.', labels),
    lag: metrics.gauge('messaging_lag_records', 'Records not yet handled.', [...labels, 'partition']),
    assignments: metrics.counter('messaging_assignments_total', 'Times partitions were assigned anew.', ['group']),
    stalled: metrics.gauge(
      'messaging_partition_stalled',
      '1 while a partition stands still, as what is next there fails again and again.',
      [...labels, 'partition'],
    ),
    poison: metrics.counter('messaging_poison_total', 'Records that could not be handled and were put aside.', labels),
  };
}

/** Counts requests to the broker by their API's name; to be told of each by its key. */
export function createRequestCounter(metrics: Metrics): (apiKey: number) => void {
  const requests = metrics.counter('kafka_requests_total', 'Requests sent to the broker.', ['api']);
  const names = new Map(Object.entries(API_KEYS).map(([name, key]) => [key, name]));
  return (apiKey) => requests.inc({ api: names.get(apiKey) ?? 'unknown' });
}
