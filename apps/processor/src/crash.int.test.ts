// A processor killed at any step, and started again, has answered every request and event once: none lost, none doubled.
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

/** Runs the processor as a process that kills itself at a fault point; resolves with the signal that ended it. */
async function runUntilKilled(faultPoint: string, { topicPrefix }: Harness): Promise<string | null> {
  const services = testServices();
  const child = spawn(process.execPath, [MAIN], {
    stdio: 'ignore',
    env: {
      ...process.env,
      KAFKA_BROKERS: services.kafkaBrokers,
      SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
      KAFKA_TOPIC_PREFIX: topicPrefix,
      FAULTS: '1',
      FAULT_POINT: faultPoint,
      // Not the first batch: something has been answered already, and the group has an offset.
      FAULT_SKIP: '1',
    },
  });
  // once() of an exit gives its code and its signal.
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

// At the same time, for each waits until the group has missed the killed member: its session is six seconds.
test.concurrent.each([
  'processor.after_transform',
  'messaging.records_sent',
  'messaging.offset_sent',
  'messaging.transaction_committed',
])('killed at %s', async (faultPoint) => {
  const harness = await createHarness({ partitions: 2 });
  try {
    await killAndRestart(faultPoint, harness);
  } finally {
    await harness.close();
  }
});

// With events alone on the log, so that it is their transaction that is killed.
test.concurrent.each(['processor.after_provider_events', 'messaging.transaction_committed'])(
  'killed at %s among what providers tell',
  async (faultPoint) => {
    const harness = await createHarness({ partitions: 2 });
    try {
      const events = Array.from({ length: REQUESTS }, () => aDispute('opened'));
      await harness.tell(events.slice(0, 100));
      const killed = runUntilKilled(faultPoint, harness);
      await harness.tell(events.slice(100));
      expect(await killed).toBe('SIGKILL');

      await harness.startInstance();
      await harness.untilAnswered(REQUESTS);
      const told = harness.processed.map(({ value }) => value.fact?.providerEventId ?? '');
      expect(told.toSorted()).toEqual(events.map(({ providerEventId }) => providerEventId).toSorted());
    } finally {
      await harness.close();
    }
  },
);

async function killAndRestart(faultPoint: string, harness: Harness): Promise<void> {
  const merchant = aMerchantUpdated();
  const requests = Array.from({ length: REQUESTS }, () => aPaymentRequested({ merchantId: merchant.merchantId }));
  await harness.learn(merchant);
  await harness.ask(requests.slice(0, 100));
  const killed = runUntilKilled(faultPoint, harness);
  await harness.ask(requests.slice(100));
  expect(await killed).toBe('SIGKILL');

  await harness.startInstance();
  await harness.untilAnswered(REQUESTS);
  const answered = harness.processed.map(({ value }) => value.operationId);
  expect(answered.toSorted()).toEqual(requests.map(({ operationId }) => operationId).toSorted());
  expect(harness.deadLetters).toEqual([]);
}
