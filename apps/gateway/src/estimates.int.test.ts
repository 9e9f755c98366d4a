// Asks what payments would cost and do, holds it against what they then do, and looks that nothing was changed by asking.
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import { publishRates } from './testing/publish-rates.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const REASON = { reason_code: 'contract', reason: 'As agreed' };

let harness: GatewayHarness;
let gateway: Gateway;
let responder: Responder;
let client: Client;
let operator: Client;
let merchantId: string;

beforeAll(async () => {
  harness = await createHarness();
  await publishRates(harness.test.messaging, [{ environment: 'test', quoteCurrency: 'USD', rate: '1.25' }]);
  responder = await startResponder(harness.test.messaging);
  gateway = await harness.start();
  operator = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  const merchant = await harness.createMerchant();
  ({ merchantId } = merchant);
  client = createClient(gateway, merchant.apiKey);
  const body = { from_currency: 'EUR', to_currency: 'USD' };
  await waitFor(async () => (await client.post('/v1/fx_quotes', body)).status === 201, { what: 'rates' });
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

async function customerWith(amount: number, currency = 'USD'): Promise<string> {
  const customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount, currency, customer });
  return customer;
}

function tryOut(body: object) {
  // Without a key: nothing is asked for.
  return client.post('/v1/payments', { dry_run: true, ...body }, { 'idempotency-key': '' });
}

/** Everything the gateway keeps of operations and money. */
async function rows(): Promise<unknown> {
  const tables = ['operations', 'unpublished_operations', 'outcomes', 'customer_balances', 'merchant_balances'];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  return harness.database.query({ text: `SELECT ${counts.join(', ')}` });
}

test('a dry run shows decision, fees, postings and events of a payment, and changes nothing', async () => {
  const customer = await customerWith(5_000);
  const before = await rows();
  const seen = responder.requested.length;
  const tried = await tryOut({ amount: 2_000, currency: 'USD', customer, description: 'Never kept' });
  const [wallet, payable] = [`test:wallet:${customer}:USD`, `test:payable:${merchantId}:USD`];
  expect(tried).toMatchObject({
    status: 200,
    body: {
      object: 'dry_run',
      operation: 'pay',
      decision: { outcome: 'succeeded', failure: null, rules: [] },
      fees: [{ kind: 'processing', amount: 88, rule_id: 'processing_usd' }],
      fx: null,
      postings: [
        { debit: wallet, credit: payable, currency: 'USD', amount: 1_912 },
        { debit: wallet, credit: 'test:fee_income:USD', currency: 'USD', amount: 88 },
      ],
      accounts: [{ account: payable }, { account: wallet, posted_before: 5_000, posted_after: 3_000 }],
      not_checked: ['account_status', 'overdraft', 'daily_limits'],
    },
  });
  const { events } = tried.body as { events: { topic: string; fields: object }[] };
  expect(events.map(({ topic }) => topic)).toEqual([
    ...['payment.requested', 'payment.processed', 'payment.settled'],
    ...['account.updated', 'account.updated', 'customer.notification'],
  ]);
  expect(events[2]?.fields).toMatchObject({ status: 'succeeded', payment_status: 'succeeded', amount: 2_000 });
  expect(events.at(-1)?.fields).toEqual({ customer, template: 'payment_succeeded' });
  expect(await rows()).toEqual(before);
  expect(responder.requested).toHaveLength(seen);
});

test('a dry run says why a payment would fail, at the processor or in the ledger', async () => {
  const customer = await customerWith(100);
  const short = await tryOut({ amount: 101, currency: 'USD', customer });
  expect(short.body).toMatchObject({
    decision: { outcome: 'failed', failure: { code: 'insufficient_funds' } },
    postings: [],
  });
  const never = await client.createCustomer();
  expect((await tryOut({ amount: 1, currency: 'USD', customer: never })).body).toMatchObject({
    decision: { failure: { code: 'insufficient_funds' } },
  });

  const strict = await harness.createMerchant();
  const rule = { rule_id: 'small', kind: 'amount', decision: 'refuse', currency: 'USD', amount: 50 };
  await operator.put(`/v1/merchants/${strict.merchantId}/risk_plan?environment=test`, { rules: [rule], ...REASON });
  const theirs = createClient(gateway, strict.apiKey);
  const body = { amount: 51, currency: 'USD', customer: await theirs.createCustomer(), dry_run: true };
  const refused = (await theirs.post('/v1/payments', body)).body;
  expect(refused).toMatchObject({
    decision: {
      outcome: 'failed',
      failure: { code: 'rejected_by_rule' },
      rules: [{ rule_id: 'small', observed: 51, bound: 50 }],
    },
    postings: [],
  });
  expect((refused as { events: { fields: object }[] }).events[1]?.fields).toMatchObject({
    kind: 'refused',
    failure_code: 'rejected_by_rule',
  });
});

test('a hold moves nothing, and sets aside what it would take', async () => {
  const customer = await customerWith(5_000);
  const tried = await tryOut({ amount: 2_000, currency: 'USD', customer, capture_method: 'manual' });
  expect(tried.body).toMatchObject({ operation: 'authorize', decision: { outcome: 'authorized' }, postings: [] });
  const { accounts } = tried.body as { accounts: { account: string; held_after: number }[] };
  expect(accounts.find(({ account }) => account.includes('wallet'))).toMatchObject({ held_after: 2_000 });
});

test('a conversion is posted as it would be, at the quote’s rate where there is one', async () => {
  const customer = await customerWith(5_000, 'EUR');
  const body = { amount: 1_001, currency: 'USD', customer };
  const tried = await tryOut({ ...body, source_currency: 'EUR' });
  // 1001 / 1.25 = 800.8: collected 801, to the position 801 as well.
  expect(tried.body).toMatchObject({ fx: { from_amount: 801, from_currency: 'EUR', rate: '1.25', quote: null } });
  expect(tried.body).toMatchObject({
    postings: [{ debit: `test:wallet:${customer}:EUR`, credit: 'test:fx_position:EUR', amount: 801 }, {}, {}],
  });
  const quote = (
    (await client.post('/v1/fx_quotes', { from_currency: 'EUR', to_currency: 'USD' })).body as { id: string }
  ).id;
  expect((await tryOut({ ...body, fx_quote: quote })).body).toMatchObject({ fx: { quote, from_amount: 801 } });
  expect((await tryOut({ ...body, currency: 'KWD', source_currency: 'EUR' })).body).toMatchObject({
    decision: { outcome: 'failed', failure: { code: 'currency_not_supported' } },
  });
});

test.each<[string, object, number]>([
  ['an unknown customer', { amount: 1, currency: 'USD', customer: `cus_${'1'.repeat(32)}` }, 422],
  ['no amount', { currency: 'USD', customer: 'cus_x' }, 400],
  ['a quote of nobody', { amount: 1, currency: 'USD', customer: 'OWN', fx_quote: 'fxq_x' }, 422],
  ['a card number', { amount: 1, currency: 'USD', customer: 'OWN', description: '4242424242424242' }, 422],
])('a dry run with %s is refused as the payment would be', async (_name, body, status) => {
  const own = await client.createCustomer();
  const sent = JSON.parse(JSON.stringify(body).replace('OWN', own)) as object;
  expect(await tryOut(sent)).toMatchObject({ status });
  expect(await client.post('/v1/payments', sent)).toMatchObject({ status });
});

test('a request that says it is no dry run is the same as one that says nothing; a batch knows none', async () => {
  const customer = await customerWith(5_000);
  const body = { amount: 10, currency: 'USD', customer };
  const paid = await client.post('/v1/payments', { ...body, dry_run: false }, { 'idempotency-key': 'not-dry' });
  const again = await client.post('/v1/payments', body, { 'idempotency-key': 'not-dry' });
  expect(again).toMatchObject({ status: 201, text: paid.text });
  const line = JSON.stringify({ ...body, dry_run: true, idempotency_key: 'x' });
  const [answer] = (await client.post('/v1/payments/batch', `${line}\n`, { 'content-type': 'application/x-ndjson' }))
    .body as object[];
  expect(answer).toMatchObject({ status: 400 });
});

test('an estimate tells what both sides would see, before there is a customer', async () => {
  const ours = await harness.createMerchant();
  const fee = { kind: 'processing', operation: 'pay', currency: 'USD', refund_policy: 'keep' };
  const rules = [
    { ...fee, rule_id: 'shop', percent_bps: 200, bearer: 'merchant' },
    { ...fee, rule_id: 'service', kind: 'platform', percent_bps: 0, fixed: 50, bearer: 'customer' },
    { ...fee, rule_id: 'fx', kind: 'fx_markup', currency: null, percent_bps: 100, bearer: 'customer' },
  ];
  await operator.put(`/v1/merchants/${ours.merchantId}/fee_plan?environment=test`, { rules, ...REASON });
  const theirs = createClient(gateway, ours.apiKey);
  const plain = await theirs.post('/v1/estimates', { amount: 10_000, currency: 'USD' });
  expect(plain).toMatchObject({
    status: 200,
    body: {
      decision: { outcome: 'priced', failure: null },
      fees: [
        { rule_id: 'shop', amount: 200 },
        { rule_id: 'service', amount: 50 },
      ],
      customer_pays: { amount: 10_050, currency: 'USD' },
      merchant_gets: { amount: 9_800, currency: 'USD' },
    },
  });
  const converted = await theirs.post('/v1/estimates', { amount: 10_000, currency: 'USD', source_currency: 'EUR' });
  // 10,050 / 1.25 = 8,040, and one per cent of it.
  expect(converted.body).toMatchObject({
    fx: { from_amount: 8_121, markup: 81 },
    customer_pays: { amount: 8_121, currency: 'EUR' },
  });
  const unknown = await theirs.post('/v1/estimates', { amount: 10_000, currency: 'KWD', source_currency: 'EUR' });
  expect(unknown.body).toMatchObject({
    decision: { outcome: 'refused', failure: { code: 'currency_not_supported' } },
    customer_pays: null,
  });
  expect(await theirs.post('/v1/estimates', { amount: 0, currency: 'USD' })).toMatchObject({ status: 422 });
});
