// Metrics are made once by name and rendered for Prometheus.
import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

async function lineOf(text: Promise<string>, start: string): Promise<string | undefined> {
  return (await text).split('\n').find((line) => line.startsWith(start));
}

it('two parts that ask for one name count together', async () => {
  const metrics = createMetrics({ app: 'example' });
  metrics.counter('example_records_total', 'Records.', ['topic']).inc({ topic: 'a' });
  metrics.counter('example_records_total', 'Records.', ['topic']).inc({ topic: 'a' }, 2);
  expect(await lineOf(metrics.text(), 'example_records_total')).toBe(
    'example_records_total{topic="a",app="example"} 3',
  );
});

it('a gauge with a reader is asked at each scrape', async () => {
  const metrics = createMetrics({ app: 'example' });
  let waiting = 1;
  metrics.gauge('example_waiting', 'Waiting.', [], () => waiting);
  expect(await lineOf(metrics.text(), 'example_waiting')).toBe('example_waiting{app="example"} 1');
  waiting = 5;
  expect(await lineOf(metrics.text(), 'example_waiting')).toBe('example_waiting{app="example"} 5');
});

it('a histogram has buckets for seconds unless told otherwise', async () => {
  const metrics = createMetrics({ app: 'example' });
  metrics.histogram('example_seconds', 'Time.').observe(0.02);
  metrics.histogram('example_bytes', 'Size.', [], [10, 20]).observe(15);
  const text = await metrics.text();
  expect(text).toContain('example_seconds_bucket{le="0.025",app="example"} 1');
  expect(text).toContain('example_bytes_bucket{le="20",app="example"} 1');
});

it('the metrics of two apps in one process do not mix', async () => {
  const [one, other] = [createMetrics({ app: 'one' }), createMetrics({ app: 'other' })];
  one.gauge('example_value', 'Value.').set(1);
  expect(await lineOf(other.text(), 'example_value')).toBeUndefined();
  expect(await one.text()).toContain('process_resident_memory_bytes{app="one"}');
});
