// One payment walks: from HTTP to the log, and back from the log to HTTP.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let gateway: Gateway;
let responder: Responder;
let client: Client;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  gateway = await harness.start();
  client = createClient(gateway, (await harness.createMerchant()).apiKey);
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

test('a payment succeeds, is shown, and its customer has the rest', async () => {
  const customer = await client.createCustomer({ name: 'Ada', email: 'ada@example.org' });
  const topUp = await client.post('/v1/top_ups', { amount: 5_000, currency: 'USD', customer });
  expect(topUp).toMatchObject({ status: 201, body: { object: 'top_up', status: 'succeeded', amount: 5_000 } });

  const body = { amount: 1_099, currency: 'USD', customer, description: 'a book', metadata: { order: '17' } };
  const payment = await client.post('/v1/payments', body);
  expect(payment).toMatchObject({
    status: 201,
    body: { ...body, object: 'payment', status: 'succeeded', failure: null },
  });
  const shown = await client.get(String(payment.headers['location']));
  expect(shown.text).toBe(payment.text);

  expect((await client.get(`/v1/customers/${customer}/balances`)).body).toMatchObject({
    data: [{ currency: 'USD', posted: 3_901, held: 0, available: 3_901, version: 2 }],
  });
  expect((await client.get(`/v1/customers/${customer}/transactions`)).body).toMatchObject({
    data: [
      { kind: 'pay', amount: -1_099, balance_after: 3_901, payment_method: 'wallet', status: 'succeeded' },
      { kind: 'top_up', amount: 5_000, balance_after: 5_000, status: 'succeeded' },
    ],
    has_more: false,
    next_cursor: null,
  });
});

test('a decline is 201 with the failure on the payment', async () => {
  const customer = await client.createCustomer();
  const payment = await client.post('/v1/payments', { amount: 1, currency: 'EUR', customer });
  expect(payment).toMatchObject({
    status: 201,
    body: {
      status: 'failed',
      failure: { code: 'insufficient_funds', category: 'payment_method', advice: 'retry_later' },
    },
  });
});
