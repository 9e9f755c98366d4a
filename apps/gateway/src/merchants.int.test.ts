// Makes merchants the way the stack does, and follows their settings to the log.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { waitFor } from '@paystream/runtime';
import type { Follower } from '@paystream/messaging';
import type { MerchantUpdated } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from './testing/client.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const SCRIPT = fileURLToPath(new URL('create-merchant.ts', import.meta.url));

let harness: GatewayHarness;
let follower: Follower;
const published: MerchantUpdated[] = [];

beforeAll(async () => {
  harness = await createHarness();
  const { codec } = harness.test.messaging;
  follower = await harness.test.messaging.follow({
    topics: ['merchant.updated'],
    from: 'earliest',
    onRecords: async (records) => {
      await codec.prepare('merchant.updated', records);
      for (const { value } of records) {
        const decoded = codec.decode('merchant.updated', value);
        if (decoded.ok) published.push(decoded.value);
      }
    },
  });
});

afterAll(async () => {
  await follower.stop();
  await harness.close();
});

function versionsOf(merchantId: string): bigint[] {
  return published.filter((merchant) => merchant.merchantId === merchantId).map(({ version }) => version);
}

function run(args: readonly string[]) {
  const { config } = harness;
  return promisify(execFile)(process.execPath, [SCRIPT, ...args], {
    env: {
      ...process.env,
      KAFKA_BROKERS: config.KAFKA_BROKERS.join(','),
      KAFKA_TOPIC_PREFIX: config.KAFKA_TOPIC_PREFIX,
      SCHEMA_REGISTRY_URL: config.SCHEMA_REGISTRY_URL,
      GATEWAY_DATABASE_URL: config.GATEWAY_DATABASE_URL,
      PERSONAL_DATA_KEY: config.PERSONAL_DATA_KEY,
    },
  });
}

test('the program prints a key that works, and has published the settings when it ends', async () => {
  const { stdout } = await run(['--environment', 'test', '--name', 'Sandbox', '--country', 'FR']);
  const made = JSON.parse(stdout) as { merchant_id: string; api_key: string }; // the line it promises
  await waitFor(() => versionsOf(made.merchant_id).length > 0, { what: 'merchant.updated' });
  const [settings] = published.filter(({ merchantId }) => merchantId === made.merchant_id);
  expect(settings).toMatchObject({ environment: 'test', version: 1n, status: 'active', country: 'FR' });
  expect(settings?.feePlan.rules).toMatchObject([
    { currency: 'USD', percentBps: 290, fixedMinor: 30n, bearer: 'merchant' },
    { currency: null, percentBps: 290, fixedMinor: 0n },
  ]);
  const gateway = await harness.start();
  expect((await createClient(gateway, made.api_key).get('/v1/payments')).status).toBe(200);
});

test('the program says how it is called', async () => {
  await expect(run(['--environment', 'moon'])).rejects.toThrow('usage');
});

test('settings that a crash left unpublished are published by any gateway, once, in order of version', async () => {
  const { merchantId } = await harness.createMerchant();
  await harness.database.execute({
    text: `INSERT INTO merchant_versions (merchant_id, environment, version, status, fee_plan)
           SELECT merchant_id, environment, n, status, fee_plan FROM merchant_versions, generate_series(2, 5) AS n
            WHERE 'mer_' || replace(merchant_id::text, '-', '') = $1`,
    values: [merchantId],
  });
  await Promise.all([harness.start(), harness.start()]);
  await waitFor(() => versionsOf(merchantId).length >= 5, { what: 'five versions' });
  expect(versionsOf(merchantId)).toEqual([1n, 2n, 3n, 4n, 5n]);
});
