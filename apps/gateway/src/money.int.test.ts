// Money between customers and out of the system, and what merchants see of their own.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client, Reply } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let responder: Responder;
let client: Client;
let second: Client;
let payer: string;
let payees: string[];

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  const [one, other] = [await harness.start(), await harness.start()];
  const { apiKey } = await harness.createMerchant();
  client = createClient(one, apiKey);
  second = createClient(other, apiKey);
  payer = await client.createCustomer();
  payees = [await client.createCustomer(), await client.createCustomer()];
  await client.post('/v1/top_ups', { amount: 100_000, currency: 'USD', customer: payer });
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

function transfer(changes: object = {}): object {
  const [a, b] = payees;
  const legs = [
    { customer: a, amount: 300, purpose: 'principal' },
    { customer: b, amount: 200 },
  ];
  return { customer: payer, currency: 'USD', purpose: 'repayment', payees: legs, platform_fee: 5, ...changes };
}

function idOf({ body }: Reply): string {
  return (body as { id: string }).id; // as the document promises
}

async function transactionsOf(customer: string | undefined): Promise<unknown> {
  return (await client.get(`/v1/customers/${customer}/transactions`)).body;
}

test('a transfer pays every payee, and all of them see it', async () => {
  const key = { 'idempotency-key': randomKey() };
  const reply = await client.post('/v1/transfers', transfer({ description: 'March' }), key);
  expect(reply).toMatchObject({
    status: 201,
    body: {
      ...{ object: 'transfer', status: 'succeeded', amount: 500, customer: payer, purpose: 'repayment' },
      ...{ platform_fee: 5, related: null, description: 'March' },
      payees: [
        { customer: payees[0], amount: 300, purpose: 'principal' },
        { customer: payees[1], amount: 200, purpose: null },
      ],
    },
  });
  expect((await second.get(String(reply.headers['location']))).text).toBe(reply.text);
  expect((await second.post('/v1/transfers', transfer({ description: 'March' }), key)).text).toBe(reply.text);
  expect(await transactionsOf(payees[0])).toMatchObject({ data: [{ kind: 'transfer', amount: 300 }] });
  expect(await transactionsOf(payees[1])).toMatchObject({ data: [{ kind: 'transfer', amount: 200 }] });
  expect(await transactionsOf(payer)).toMatchObject({ data: [{ amount: -505, balance_after: 99_495 }, {}] });

  const again = await client.post('/v1/transfers', transfer({ related: idOf(reply), platform_fee: undefined }));
  expect(again).toMatchObject({ status: 201, body: { related: idOf(reply), platform_fee: null } });
  const listed = (await client.get('/v1/transfers')).body as { data: { id: string }[] };
  expect(listed.data.map(({ id }) => id)).toEqual([idOf(again), idOf(reply)]);
});

test('a transfer that lacks the funds fails, and its payees see nothing of it', async () => {
  const [payee] = payees;
  const before = await transactionsOf(payee);
  const reply = await client.post('/v1/transfers', transfer({ payees: [{ customer: payee, amount: 999_999 }] }));
  expect(reply).toMatchObject({ status: 201, body: { status: 'failed', failure: { code: 'insufficient_funds' } } });
  expect(await transactionsOf(payee)).toEqual(before);
});

test('payees are others of the merchant’s own customers, and what is related is the merchant’s', async () => {
  const foreign = createClient(await harness.start(), (await harness.createMerchant()).apiKey);
  const stranger = await foreign.createCustomer();
  const cases: [object, string, string][] = [
    [
      {
        payees: [
          { customer: payees[0], amount: 1 },
          { customer: stranger, amount: 1 },
        ],
      },
      '/payees/1/customer',
      'customer_unknown',
    ],
    [{ payees: [{ customer: 'cus_x', amount: 1 }] }, '/payees/0/customer', 'customer_unknown'],
    [{ customer: stranger }, '/customer', 'customer_unknown'],
    [{ payees: [{ customer: payer, amount: 1 }] }, '/payees/0/customer', 'parameter_invalid'],
    [{ payees: [] }, '/payees', 'parameter_invalid'],
    [{ purpose: 'gift' }, '/purpose', 'parameter_invalid'],
    [{ related: `tr_${'0'.repeat(32)}` }, '/related', 'parameter_invalid'],
    [{ related: 'nonsense' }, '/related', 'parameter_invalid'],
  ];
  for (const [changes, param, code] of cases) {
    expect(await client.post('/v1/transfers', transfer(changes))).toMatchObject({ status: 422, body: { code, param } });
  }
});

test('a pay-out is on its way, then paid, or failed with its reason', async () => {
  const body = { amount: 1_000, currency: 'USD', customer: payer, description: 'rent' };
  const key = { 'idempotency-key': randomKey() };
  const reply = await client.post('/v1/payouts', body, key);
  expect(reply).toMatchObject({
    status: 202,
    body: { object: 'payout', status: 'in_transit', amount: 1_000, customer: payer, description: 'rent' },
  });
  const location = String(reply.headers['location']);
  expect((await second.get(location)).text).toBe(reply.text);
  await responder.endPayOut(idOf(reply), 'paid');
  await expect.poll(async () => (await second.get(location)).body).toMatchObject({ status: 'paid' });
  expect(await second.post('/v1/payouts', body, key)).toMatchObject({ status: 201, body: { status: 'paid' } });

  const other = await client.post('/v1/payouts', body);
  await responder.endPayOut(idOf(other), 'failed');
  await expect
    .poll(async () => (await client.get(`/v1/payouts/${idOf(other)}`)).body)
    .toMatchObject({ status: 'failed', failure: { code: 'processing_error' } });
  const { data } = (await transactionsOf(payer)) as { data: object[] };
  expect(data.slice(0, 3)).toMatchObject([
    { kind: 'pay_out', status: 'failed', operation: idOf(other), amount: 1_000 },
    { kind: 'pay_out', status: 'in_transit', operation: idOf(other), amount: -1_000 },
    { kind: 'pay_out', status: 'in_transit', operation: idOf(reply), amount: -1_000 },
  ]);
  const short = await client.post('/v1/payouts', { ...body, amount: 9_999_999 });
  expect(short).toMatchObject({ status: 201, body: { status: 'failed', failure: { code: 'insufficient_funds' } } });
  const listed = (await client.get('/v1/payouts')).body as { data: { status: string }[] };
  expect(listed.data.map(({ status }) => status)).toEqual(['failed', 'failed', 'paid']);
});

test('a merchant is paid out of its own balance, in words that nobody else can read', async () => {
  await client.post('/v1/payments', { amount: 2_000, currency: 'USD', customer: payer });
  const reply = await client.post('/v1/payouts', { amount: 500, currency: 'USD', description: 'to the bank' });
  expect(reply).toMatchObject({ status: 202, body: { customer: null, description: 'to the bank' } });
  expect((await client.get('/v1/balance/transactions?limit=1')).body).toMatchObject({
    data: [{ kind: 'pay_out', operation: idOf(reply), gross: -500, fee: 0, net: -500 }],
  });
  const requested = responder.requested.find(({ operationId }) => operationId === idOf(reply));
  expect(requested).toMatchObject({ customerId: null, payOut: { payeeType: 'merchant' }, method: { type: 'sandbox' } });
  const rows = await harness.database.query<{ text: string }>({ text: 'SELECT operations::text FROM operations' });
  expect(JSON.stringify(rows)).not.toContain('to the bank');
});

test('a merchant sees balance and what happened to it, page by page', async () => {
  const merchant = createClient(await harness.start(), (await harness.createMerchant()).apiKey);
  expect((await merchant.get('/v1/balance')).body).toEqual({ data: [] });
  const customer = await merchant.createCustomer();
  await merchant.post('/v1/top_ups', { amount: 10_000, currency: 'EUR', customer });
  const paid = await merchant.post('/v1/payments', { amount: 700, currency: 'EUR', customer });
  await merchant.post(`/v1/payments/${idOf(paid)}/refunds`, { amount: 200 });
  expect((await merchant.get('/v1/balance')).body).toMatchObject({
    data: [{ currency: 'EUR', posted: 500, held: 0, available: 500, owed: 0 }],
  });
  const newest = (await merchant.get('/v1/balance/transactions?limit=1')).body as { next_cursor: string };
  expect(newest).toMatchObject({
    data: [
      { kind: 'refund', payment: idOf(paid), account: 'payable', gross: -200, fee: 0, net: -200, balance_after: 500 },
    ],
    has_more: true,
  });
  const path = `/v1/balance/transactions?starting_after=${newest.next_cursor}`;
  const older = await merchant.get(path);
  expect(older.body).toMatchObject({ data: [{ kind: 'pay', net: 700, balance_after: 700 }], has_more: false });
  expect((await merchant.get(path)).text).toBe(older.text);
  expect((await merchant.get('/v1/balance/transactions?starting_after=nonsense')).status).toBe(422);
});

test('a hold is seen on the wallet, without an amount', async () => {
  const customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount: 100, currency: 'USD', customer });
  const held = await client.post('/v1/payments', { amount: 60, currency: 'USD', customer, capture_method: 'manual' });
  await client.post(`/v1/payments/${idOf(held)}/capture`, { amount: 40 });
  const { data } = (await client.get(`/v1/customers/${customer}/transactions`)).body as { data: object[] };
  expect(data).toMatchObject([
    { kind: 'capture', amount: -40, held_change: -60, balance_after: 60 },
    { kind: 'authorize', amount: 0, held_change: 60, balance_after: 100 },
    { kind: 'top_up', amount: 100, held_change: 0 },
  ]);
});
