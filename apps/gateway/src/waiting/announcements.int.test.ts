// Listens to what gateways announce: only what somebody may wait for at another gateway.
import { newId, toUuid } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import type { Publisher } from '@paystream/messaging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../testing/client.ts';
import { createClient } from '../testing/client.ts';
import type { Responder } from '../testing/responder.ts';
import { startResponder, toRecord } from '../testing/responder.ts';
import type { GatewayHarness } from '../testing/test-gateway.ts';
import { createHarness } from '../testing/test-gateway.ts';

let harness: GatewayHarness;
let responder: Responder;
let publisher: Publisher;
let client: Client;
let stopListening: () => Promise<void>;
const announced: string[] = [];

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  publisher = harness.test.messaging.createPublisher();
  client = createClient(await harness.start(), (await harness.createMerchant()).apiKey);
  stopListening = await harness.database.listen('gateway_settled', (payload) => announced.push(payload));
});

afterAll(async () => {
  await stopListening();
  await publisher.close();
  await responder.stop();
  await harness.close();
});

function digitsOf(id: string): string {
  return toUuid(id).replaceAll('-', '');
}

test('what this gateway accepted itself is not announced, what it did not is', async () => {
  const customer = await client.createCustomer();
  const topUp = await client.post('/v1/top_ups', { amount: 1_000, currency: 'USD', customer }, { prefer: 'wait=20' });
  const payOut = await client.post('/v1/payouts', { amount: 10, currency: 'USD', customer }, { prefer: 'wait=20' });
  expect([topUp.status, payOut.body]).toEqual([201, expect.objectContaining({ status: 'in_transit' })]);
  const operationId = newId('pay');
  const settled = aPaymentSettled({ operationId, paymentId: operationId });
  await publisher.publish([toRecord(harness.test.messaging, settled, 0), toRecord(harness.test.messaging, settled, 1)]);
  await expect.poll(() => announced).toContain(digitsOf(operationId));
  expect(new Set(announced)).toEqual(new Set([digitsOf(operationId)]));
});
