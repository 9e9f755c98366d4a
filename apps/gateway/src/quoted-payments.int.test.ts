// A payment at a promised rate: the promise travels with it, and is nobody else's and for no other currencies.
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import { publishRates } from './testing/publish-rates.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let responder: Responder;
let client: Client;
let stranger: Client;
let quote: string;

const PAIR = { from_currency: 'EUR', to_currency: 'USD' };

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  await publishRates(harness.test.messaging, [{ environment: 'test', quoteCurrency: 'USD', rate: '1.12415' }]);
  const gateway = await harness.start();
  client = createClient(gateway, (await harness.createMerchant()).apiKey);
  stranger = createClient(gateway, (await harness.createMerchant()).apiKey);
  const made = await waitFor(
    async () => {
      const reply = await client.post('/v1/fx_quotes', PAIR);
      return reply.status === 201 ? reply : undefined;
    },
    { what: 'rates' },
  );
  quote = (made.body as { id: string }).id; // as the document promises
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

test.each(['automatic', 'manual'])('the terms of the quote are on the event (%s)', async (capture_method) => {
  const customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount: 10_000, currency: 'USD', customer });
  const body = { amount: 100, currency: 'USD', customer, fx_quote: quote, capture_method };
  const key = { 'idempotency-key': randomKey() };
  const paid = await client.post('/v1/payments', body, key);
  expect(paid.status).toBe(201);
  const { id } = paid.body as { id: string }; // as the document promises
  expect(responder.requested.find(({ operationId }) => operationId === id)).toMatchObject({
    sourceCurrency: 'EUR',
    quote: { quoteId: quote, fromCurrency: 'EUR', toCurrency: 'USD', baseRate: '1.12415' },
  });
  expect((await client.post('/v1/payments', body, key)).text).toBe(paid.text);
});

test('a quote for other currencies, of another merchant, or of nobody is refused, and the key stays free', async () => {
  const [customer, theirs] = [await client.createCustomer(), await stranger.createCustomer()];
  const cases: [Client, object][] = [
    [client, { currency: 'GBP', customer, fx_quote: quote }],
    [client, { currency: 'USD', customer, fx_quote: quote, source_currency: 'GBP' }],
    [client, { currency: 'USD', customer, fx_quote: quote, source_currency: 'USD' }],
    [stranger, { currency: 'USD', customer: theirs, fx_quote: quote }],
    [client, { currency: 'USD', customer, fx_quote: `fxq_${'0'.repeat(32)}` }],
  ];
  for (const [who, body] of cases) {
    const key = { 'idempotency-key': randomKey(), prefer: 'wait=0' };
    const reply = await who.post('/v1/payments', { amount: 1, ...body }, key);
    expect(reply).toMatchObject({ status: 422, body: { code: 'parameter_invalid', param: '/fx_quote' } });
    const plain = { amount: 1, currency: 'USD', customer: who === client ? customer : theirs };
    expect((await who.post('/v1/payments', plain, key)).status).toBe(202);
  }
});
