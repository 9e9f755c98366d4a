// The rate feed on a real broker: every rate once for each environment, whoever published it, and whatever comes between.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Follower } from '@paystream/messaging';
import type { RunningApp } from '@paystream/runtime';
import { waitFor } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import type { TestMessaging } from '@paystream/testkit';
import { createTestMessaging, testServices } from '@paystream/testkit';
import type { FxRate } from '@paystream/topics';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startRates } from './app.ts';
import { createSource } from './source.ts';
import type { Source } from './source.ts';

const BUNDLED = fileURLToPath(new URL('../../../data/ecb-eurofxref-2026.csv', import.meta.url));
const BUNDLED_RATES = 213 * 29;
const DEADLINE_MS = 30_000;
const ONE_DAY = 'Date,USD,JPY\n2026-10-29,1.113,175.92\n';
const TWO_DAYS = 'Date,USD,JPY\n2026-10-30,1.1172,N/A\n2026-10-29,1.113,175.92\n';

let topics: TestMessaging;
let follower: Follower;
let published: FxRate[];
const instances: (() => Promise<void>)[] = [];

beforeEach(async () => {
  topics = await createTestMessaging();
  const { codec } = topics.messaging;
  published = [];
  follower = await topics.messaging.follow({
    topics: ['fx.rate'],
    from: 'earliest',
    onRecords: async (records) => {
      await codec.prepare('fx.rate', records);
      for (const { value } of records) {
        const decoded = codec.decode('fx.rate', value);
        if (decoded.ok) published.push(decoded.value);
      }
    },
  });
});

afterEach(async () => {
  for (const stop of instances.splice(0)) await stop();
  await follower.stop();
  await topics.close();
});

async function started(source: Source, environments = ['test', 'live']): Promise<RunningApp> {
  const own = await createTestMessaging({ topicPrefix: topics.topicPrefix });
  const app = await startRates({
    messaging: own.messaging,
    source,
    environments,
    intervalMs: 20,
    metrics: createMetrics({ app: 'rates' }),
    logger: createLogger({ name: 'rates', level: 'silent' }),
    health: { host: '127.0.0.1', port: 0 },
    signal: new AbortController().signal,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= app.stop().then(own.close));
  instances.push(stop);
  await waitFor(() => app.ready(), { what: 'the feed to be ready', deadlineMs: DEADLINE_MS });
  return { ...app, stop };
}

/** A source whose text a test changes; `looks` counts how often it was asked. */
function aSource(first: string | Error): Source & { now: string | Error; looks: number } {
  const source = {
    now: first,
    looks: 0,
    fetch: () => {
      source.looks += 1;
      if (source.now instanceof Error) return Promise.reject(source.now);
      return Promise.resolve({ text: source.now, used: () => undefined });
    },
  };
  return source;
}

const untilPublished = (count: number): Promise<true> =>
  waitFor(() => published.length >= count, { what: `${count} rates`, deadlineMs: DEADLINE_MS });

async function untilLookedAgain(source: { looks: number }): Promise<void> {
  const enough = source.looks + 2;
  await waitFor(() => source.looks >= enough, { what: 'two more looks', deadlineMs: DEADLINE_MS });
}

const inWords = (): string[] =>
  published.map(
    ({ environment, rateDate, quoteCurrency, rate }) => `${environment} ${rateDate} ${quoteCurrency} ${rate}`,
  );

test('what is new is published, once for each environment, and nothing a second time', async () => {
  const source = aSource(ONE_DAY);
  await started(source);
  await untilPublished(4);
  source.now = TWO_DAYS;
  await untilPublished(6);
  await untilLookedAgain(source);
  expect(inWords()).toEqual([
    'test 2026-10-29 USD 1.113',
    'live 2026-10-29 USD 1.113',
    'test 2026-10-29 JPY 175.92',
    'live 2026-10-29 JPY 175.92',
    'test 2026-10-30 USD 1.1172',
    'live 2026-10-30 USD 1.1172',
  ]);
});

test('one that starts later publishes what another has not', async () => {
  const first = await started(aSource(ONE_DAY), ['test']);
  await untilPublished(2);
  await first.stop();
  const source = aSource(TWO_DAYS);
  await started(source, ['test']);
  await untilPublished(3);
  await untilLookedAgain(source);
  expect(inWords()).toEqual(['test 2026-10-29 USD 1.113', 'test 2026-10-29 JPY 175.92', 'test 2026-10-30 USD 1.1172']);
});

test('a source that is away or holds nonsense ends nothing: the next good file is published', async () => {
  const source = aSource(new Error('away'));
  const app = await started(source, ['test']);
  const metrics = await fetch(`${String(app.info?.['health_url'])}/metrics`);
  expect(await metrics.text()).toMatch(/^rates_newest_age_seconds\S* \+Inf$/mu);
  source.now = ONE_DAY;
  await untilPublished(2);
  source.now = 'Date,USD\n2026-10-30,cheap\n';
  await untilLookedAgain(source);
  expect(app.ready()).toBe(true);
  source.now = TWO_DAYS;
  await untilPublished(3);
});

test('killed while it publishes the bundled file, and started again, every rate is there once', async () => {
  const services = testServices();
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    stdio: 'ignore',
    env: {
      ...process.env,
      KAFKA_BROKERS: services.kafkaBrokers,
      SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
      KAFKA_TOPIC_PREFIX: topics.topicPrefix,
      FAULTS: '1',
      FAULT_POINT: 'rates.after_publish',
      FAULT_SKIP: '1',
    },
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  await started(createSource(BUNDLED));
  await untilPublished(2 * BUNDLED_RATES);
  expect(published.length).toBe(2 * BUNDLED_RATES);
  const names = published.map(
    ({ environment, quoteCurrency, rateDate }) => `${environment} ${quoteCurrency} ${rateDate}`,
  );
  expect(new Set(names).size).toBe(2 * BUNDLED_RATES);
});
