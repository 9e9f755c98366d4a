// A processor killed at any step, and started again, has answered every request and event: none is lost, and the first
// answers are in the order of what was asked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { aMerchantUpdated, aPaymentRequested, testServices } from '@paystream/testkit';
import { expect, test } from 'vitest';
import type { Harness } from './testing/harness.ts';
import { createHarness } from './testing/harness.ts';
import { aDispute } from './testing/provider-events.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const REQUESTS = 300;

interface Fault {
  point: string;
  /** Passes before the one that kills. */
  skip: number;
}

/** Not the first batch: something has been answered already. */
const AFTER_TRANSFORM: Fault = { point: 'processor.after_transform', skip: 1 };
const AFTER_EVENTS: Fault = { point: 'processor.after_provider_events', skip: 1 };
/** Between the send and the commit of its offset. */
const ACKNOWLEDGED: Fault = { point: 'messaging.acknowledged', skip: 1 };
const COMMITTED: Fault = { point: 'messaging.offsets_committed', skip: 0 };

/** Runs the processor as a process that kills itself at a fault point; resolves with the signal that ended it. */
async function runUntilKilled({ point, skip }: Fault, { topicPrefix }: Harness): Promise<string | null> {
  const services = testServices();
  const child = spawn(process.execPath, [MAIN], {
    stdio: 'ignore',
    env: {
      ...process.env,
      KAFKA_BROKERS: services.kafkaBrokers,
      SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
      KAFKA_TOPIC_PREFIX: topicPrefix,
      FAULTS: '1',
      FAULT_POINT: point,
      FAULT_SKIP: `${skip}`,
    },
  });
  // once() of an exit gives its code and its signal.
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

// At the same time, for each waits until the group has missed the killed member: its session is six seconds.
test.concurrent.each([AFTER_TRANSFORM, ACKNOWLEDGED, COMMITTED])('killed at $point', async (fault) => {
  const harness = await createHarness({ partitions: 2 });
  try {
    await killAndRestart(fault, harness);
  } finally {
    await harness.close();
  }
});

// With events alone on the log, so that it is their batch that is killed.
test.concurrent.each([AFTER_EVENTS, ACKNOWLEDGED])('killed at $point among what providers tell', async (fault) => {
  const harness = await createHarness({ partitions: 2 });
  try {
    const events = Array.from({ length: REQUESTS }, () => aDispute('opened'));
    await harness.tell(events.slice(0, 100));
    const killed = runUntilKilled(fault, harness);
    await harness.tell(events.slice(100));
    expect(await killed).toBe('SIGKILL');

    await harness.startInstance();
    await harness.untilAnswered(REQUESTS);
    const told = harness.processed.map(({ value }) => value.fact?.providerEventId ?? '');
    expect(told.toSorted()).toEqual(events.map(({ providerEventId }) => providerEventId).toSorted());
  } finally {
    await harness.close();
  }
});

async function killAndRestart(fault: Fault, harness: Harness): Promise<void> {
  const merchant = aMerchantUpdated();
  const requests = Array.from({ length: REQUESTS }, () => aPaymentRequested({ merchantId: merchant.merchantId }));
  await harness.learn(merchant);
  await harness.ask(requests.slice(0, 100));
  const killed = runUntilKilled(fault, harness);
  await harness.ask(requests.slice(100));
  expect(await killed).toBe('SIGKILL');

  await harness.startInstance();
  await harness.untilAnswered(REQUESTS);
  for (const partition of [0, 1]) {
    const answered = harness.processed.filter(({ record }) => record.partition === partition);
    const ids = new Set(answered.map(({ value }) => value.operationId));
    const asked = requests.filter(({ operationId }) => ids.has(operationId));
    expect(answered.map(({ value }) => value.operationId)).toEqual(asked.map(({ operationId }) => operationId));
  }
  expect(harness.processed).toHaveLength(REQUESTS);
  expect(harness.deadLetters).toEqual([]);
}
