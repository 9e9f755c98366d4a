// Names what the gateway counts, beside what its server, its consumer and its process count themselves.
import type { Counter, Gauge, Histogram, Metrics } from '@paystream/telemetry';

export interface GatewayMetrics {
  groupSize: Histogram;
  published: Counter;
  publishFailures: Counter;
  relayed: Counter;
  unpublished: Gauge;
  unpublishedAge: Gauge;
  settled: Counter;
  parked: Counter;
}

const GROUP_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

export function createGatewayMetrics(metrics: Metrics): GatewayMetrics {
  return {
    groupSize: metrics.histogram('gateway_claim_group_size', 'Claims written in one statement', [], GROUP_BUCKETS),
    published: metrics.counter('gateway_operations_published_total', 'Operations acknowledged by the broker'),
    publishFailures: metrics.counter('gateway_publish_failures_total', 'Sends that failed and are left to the relay'),
    relayed: metrics.counter('gateway_operations_relayed_total', 'Operations published late, by the relay'),
    unpublished: metrics.gauge('gateway_outbox_rows', 'Operations not known to be published'),
    unpublishedAge: metrics.gauge('gateway_outbox_oldest_seconds', 'Age of the oldest of them'),
    settled: metrics.counter('gateway_operations_settled_total', 'Final outcomes stored', ['status']),
    parked: metrics.counter('gateway_operations_parked_total', 'Accepted operations that wait for an operator', [
      'operation',
    ]),
  };
}
