// Shows that every request to the broker is counted, once, under the name of its API.
import { createMetrics } from '@paystream/telemetry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRequestCounter } from './metrics.ts';
import { createPublisher } from './publisher.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics } from './testing/scratch-topics.ts';

let topics: ScratchTopics;
beforeAll(async () => {
  topics = createScratchTopics();
  await topics.create({ counted: 1 });
});
afterAll(() => topics.close());

it('counts what a publisher sends', async () => {
  const metrics = createMetrics({ app: 'test' });
  const publisher = createPublisher(topics.contextWith({ onRequest: createRequestCounter(metrics) }));
  for (const text of ['a', 'b', 'c']) await publisher.publish([aRecord('counted', 0, text)]);
  await publisher.close();

  const text = await metrics.text();
  const countOf = (api: string): number =>
    Number(new RegExp(`^kafka_requests_total\\{api="${api}",app="test"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  expect(countOf('Produce')).toBe(3);
  expect(countOf('InitProducerId')).toBe(1);
  expect(countOf('Metadata')).toBeGreaterThan(0);
  expect(text).not.toContain('api="unknown"');
});
