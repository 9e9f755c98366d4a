// What is told of an operation before it is decided waits for that, in order, and no longer than a minute.
import type { Follower, Publisher } from '@paystream/messaging';
import { aPaymentSettled } from '@paystream/testkit';
import type { ProviderEvent } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../testing/client.ts';
import { createClient, randomKey } from '../testing/client.ts';
import { toProgressed, toRecord } from '../testing/responder.ts';
import type { GatewayHarness } from '../testing/test-gateway.ts';
import { createHarness } from '../testing/test-gateway.ts';

const PATH = '/v1/sandbox/provider_events';
let harness: GatewayHarness;
let client: Client;
let merchantId: string;
let publisher: Publisher;
let follower: Follower;
const told: ProviderEvent[] = [];

beforeAll(async () => {
  harness = await createHarness();
  const merchant = await harness.createMerchant();
  ({ merchantId } = merchant);
  client = createClient(await harness.start(), merchant.apiKey);
  const { messaging } = harness.test;
  publisher = messaging.createPublisher();
  follower = await messaging.follow({
    topics: ['provider.event'],
    from: 'earliest',
    onRecords: async (records) => {
      await messaging.codec.prepare('provider.event', records);
      for (const { value } of records) {
        const decoded = messaging.codec.decode('provider.event', value);
        if (decoded.ok) told.push(decoded.value);
      }
    },
  });
});

afterAll(async () => {
  await follower.stop();
  await publisher.close();
  await harness.close();
});

/** Accepted, and decided by nobody: no accounts is running. */
async function aPayOut(): Promise<string> {
  const reply = await client.post('/v1/payouts', { amount: 100, currency: 'USD' }, { prefer: 'wait=0' });
  return (reply.body as { id: string }).id;
}

async function tell(type: string, payout: string): Promise<void> {
  expect(await client.post(PATH, { id: randomKey(), type, payout })).toMatchObject({ status: 202 });
}

const typesOf = (id: string) => told.filter(({ paymentId }) => paymentId === id).map(({ type }) => type);
const facts = (id: string) => ({
  ...{ operation: 'pay_out', operationId: id, paymentId: id, merchantId, customerId: null, amountMinor: 100n },
  balances: [],
});

test('until it is admitted, and until it has failed', async () => {
  const [admitted, failed, decided] = [await aPayOut(), await aPayOut(), await aPayOut()];
  await tell('pay_out_paid', admitted);
  await tell('pay_out_failed', admitted);
  await tell('pay_out_paid', failed);
  const { messaging } = harness.test;
  const progressed = (id: string) => toProgressed(messaging, { ...facts(id), settledAt: 1n, ledgerNumber: 1n }, 0);
  // One that is decided passes those that wait.
  await publisher.publish([progressed(decided)]);
  await expect
    .poll(async () => (await client.get(`/v1/payouts/${decided}`)).body)
    .toMatchObject({ status: 'in_transit' });
  await tell('pay_out_paid', decided);
  await expect.poll(() => typesOf(decided), { timeout: 10_000 }).toEqual(['pay_out_paid']);
  expect([...typesOf(admitted), ...typesOf(failed)]).toEqual([]);

  await publisher.publish([
    progressed(admitted),
    toRecord(messaging, aPaymentSettled({ ...facts(failed), status: 'failed', paymentStatus: 'failed' }), 0),
  ]);
  await expect.poll(() => typesOf(admitted), { timeout: 10_000 }).toEqual(['pay_out_paid', 'pay_out_failed']);
  await expect.poll(() => typesOf(failed), { timeout: 10_000 }).toEqual(['pay_out_paid']);
});

test('and a minute at most', async () => {
  const never = await aPayOut();
  await tell('pay_out_paid', never);
  await harness.database.execute({
    text: `UPDATE provider_events SET received_at = now() - interval '61 seconds' WHERE published_at IS NULL`,
  });
  await expect.poll(() => typesOf(never), { timeout: 10_000 }).toEqual(['pay_out_paid']);
});
