// Holds the answers against the document: every route is in it, and every answer is exactly of its schema.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import type { Document } from './testing/document.ts';
import { readDocument } from './testing/document.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let gateway: Gateway;
let responder: Responder;
let client: Client;
let document: Document;
let expectAsPromised: Document['expectAsPromised'];

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  gateway = await harness.start();
  client = createClient(gateway, (await harness.createMerchant()).apiKey);
  document = await readDocument(client);
  ({ expectAsPromised } = document);
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

test('the document has every route there is', () => {
  expect(document.routes).toEqual(
    [
      'POST /v1/customers',
      'GET /v1/customers/{id}',
      'GET /v1/customers/{id}/balances',
      'GET /v1/customers/{id}/transactions',
      'POST /v1/top_ups',
      'GET /v1/top_ups/{id}',
      'POST /v1/payments',
      'GET /v1/payments',
      'GET /v1/payments/{id}',
      'POST /v1/payments/batch',
      'POST /v1/payments/{id}/capture',
      'GET /v1/captures/{id}',
      'POST /v1/payments/{id}/cancel',
      'POST /v1/payments/{id}/refunds',
      'GET /v1/payments/{id}/refunds',
      'GET /v1/refunds/{id}',
      'POST /v1/transfers',
      'GET /v1/transfers',
      'GET /v1/transfers/{id}',
      'POST /v1/payouts',
      'GET /v1/payouts',
      'GET /v1/payouts/{id}',
      'GET /v1/balance',
      'GET /v1/balance/transactions',
      'POST /v1/fx_quotes',
      'GET /v1/fx_quotes/{id}',
      'POST /v1/estimates',
      'GET /v1/disputes',
      'GET /v1/disputes/{id}',
      'POST /v1/disputes/{id}/evidence',
      'POST /v1/sandbox/provider_events',
      'GET /health/live',
      'GET /health/ready',
      'GET /metrics',
      'GET /openapi.json',
    ].toSorted(),
  );
});

test('every answer is exactly of its schema', async () => {
  const created = await client.post('/v1/customers', { name: 'Ada', metadata: { a: 'b' } });
  expectAsPromised('post', '/v1/customers', created);
  const customer = (created.body as { id: string }).id; // just held against the schema
  const money = { amount: 5_000, currency: 'USD', customer };
  expectAsPromised('get', '/v1/customers/{id}', await client.get(`/v1/customers/${customer}`));
  expectAsPromised('post', '/v1/top_ups', await client.post('/v1/top_ups', money));
  const paid = await client.post('/v1/payments', { ...money, amount: 10, description: 'x' });
  expectAsPromised('post', '/v1/payments', paid);
  expectAsPromised('post', '/v1/payments', await client.post('/v1/payments', money, { prefer: 'wait=0' }));
  expectAsPromised('post', '/v1/payments', await client.post('/v1/payments', money));
  expectAsPromised('post', '/v1/payments', await client.post('/v1/payments', {}));
  expectAsPromised('get', '/v1/payments', await client.get('/v1/payments?limit=1'));
  expectAsPromised('get', '/v1/payments', await client.get('/v1/payments?limit=x'));
  expectAsPromised('get', '/v1/payments/{id}', await client.get(String(paid.headers['location'])));
  expectAsPromised('get', '/v1/payments/{id}', await client.get('/v1/payments/pay_x'));
  const lines = `${JSON.stringify({ ...money, idempotency_key: 'one' })}\n{}\n`;
  const batch = await client.post('/v1/payments/batch', lines, { 'content-type': 'application/x-ndjson' });
  expectAsPromised('post', '/v1/payments/batch', batch);
  expectAsPromised('get', '/v1/customers/{id}/balances', await client.get(`/v1/customers/${customer}/balances`));
  const transactions = await client.get(`/v1/customers/${customer}/transactions?limit=2`);
  expectAsPromised('get', '/v1/customers/{id}/transactions', transactions);
  expectAsPromised('get', '/health/live', await client.get('/health/live'));
  expectAsPromised('get', '/health/ready', await client.get('/health/ready'));
  expectAsPromised('get', '/metrics', await client.get('/metrics'));
});

test('every answer about what follows a payment is exactly of its schema', async () => {
  const [customer, payee] = [await client.createCustomer({ country: 'FR' }), await client.createCustomer()];
  const money = { amount: 5_000, currency: 'USD', customer };
  await client.post('/v1/top_ups', money);
  const held = await client.post('/v1/payments', { ...money, amount: 900, capture_method: 'manual' });
  expectAsPromised('post', '/v1/payments', held);
  const payment = String(held.headers['location']);
  const captured = await client.post(`${payment}/capture`, { amount: 100, final: false });
  expectAsPromised('post', '/v1/payments/{id}/capture', captured);
  expectAsPromised('post', '/v1/payments/{id}/capture', await client.post(`${payment}/capture`, { amount: 9_000 }));
  expectAsPromised('get', '/v1/captures/{id}', await client.get(String(captured.headers['location'])));
  expectAsPromised('post', '/v1/payments/{id}/cancel', await client.post(`${payment}/cancel`, {}));
  const refunded = await client.post(`${payment}/refunds`, { amount: 50 });
  expectAsPromised('post', '/v1/payments/{id}/refunds', refunded);
  expectAsPromised('get', '/v1/payments/{id}/refunds', await client.get(`${payment}/refunds`));
  expectAsPromised('get', '/v1/refunds/{id}', await client.get(String(refunded.headers['location'])));
  expectAsPromised('get', '/v1/payments/{id}', await client.get(payment));

  const legs = [{ customer: payee, amount: 10 }];
  const transfer = await client.post('/v1/transfers', { customer, currency: 'USD', purpose: 'loan', payees: legs });
  expectAsPromised('post', '/v1/transfers', transfer);
  expectAsPromised('get', '/v1/transfers', await client.get('/v1/transfers'));
  expectAsPromised('get', '/v1/transfers/{id}', await client.get(String(transfer.headers['location'])));
  const payOut = await client.post('/v1/payouts', { amount: 1, currency: 'USD', customer });
  expectAsPromised('post', '/v1/payouts', payOut);
  expectAsPromised('get', '/v1/payouts', await client.get('/v1/payouts'));
  expectAsPromised('get', '/v1/payouts/{id}', await client.get(String(payOut.headers['location'])));
  expectAsPromised('get', '/v1/balance', await client.get('/v1/balance'));
  expectAsPromised('get', '/v1/balance/transactions', await client.get('/v1/balance/transactions'));
  const page = await client.get(`/v1/customers/${payee}/transactions`);
  expectAsPromised('get', '/v1/customers/{id}/transactions', page);
});

test('transactions are paged by an opaque cursor that always begins the same page', async () => {
  const customer = await client.createCustomer();
  for (const amount of [500, 10, 20, 30]) {
    await client.post(amount === 500 ? '/v1/top_ups' : '/v1/payments', { amount, currency: 'USD', customer });
  }
  const met: number[] = [];
  let cursor: string | null = null;
  do {
    const path: string = `/v1/customers/${customer}/transactions?limit=3${cursor === null ? '' : `&starting_after=${cursor}`}`;
    const first = await client.get(path);
    expect((await client.get(path)).text).toBe(first.text);
    const page = first.body as { data: { amount: number }[]; next_cursor: string | null }; // of the schema above
    met.push(...page.data.map(({ amount }) => amount));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(met).toEqual([-30, -20, -10, 500]);
  expect((await client.get(`/v1/customers/${customer}/transactions?starting_after=nonsense`)).status).toBe(422);
});
