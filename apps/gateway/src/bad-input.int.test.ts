// Sends everything a payment must not be: each is refused clearly, nothing is written, and its key stays free.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let client: Client;
let customer: string;
let foreignCustomer: string;
const CARD = '4111 1111 1111 1111';

beforeAll(async () => {
  harness = await createHarness();
  const gateway = await harness.start();
  client = createClient(gateway, (await harness.createMerchant()).apiKey);
  customer = await client.createCustomer();
  foreignCustomer = await createClient(gateway, (await harness.createMerchant()).apiKey).createCustomer();
});

afterAll(() => harness.close());

const good = () => ({ amount: 1_099, currency: 'USD', customer });
const text = (amount: string) => `{"amount":${amount},"currency":"USD","customer":"${customer}"}`;

/** What is sent, in words, with the status, code and field it is refused with. */
const refusals: [string, () => unknown, number, string, string | null][] = [
  ['zero', () => ({ ...good(), amount: 0 }), 422, 'amount_invalid', '/amount'],
  ['a negative amount', () => ({ ...good(), amount: -1 }), 422, 'amount_invalid', '/amount'],
  ['a fraction', () => text('10.99'), 422, 'amount_invalid', '/amount'],
  ['a fraction that is none', () => text('1099.0'), 422, 'amount_invalid', '/amount'],
  ['an exponent', () => text('1e3'), 422, 'amount_invalid', '/amount'],
  ['2^53', () => text('9007199254740992'), 422, 'amount_invalid', '/amount'],
  ['an amount of a hundred digits', () => text('9'.repeat(100)), 422, 'amount_invalid', '/amount'],
  ['an amount as text', () => ({ ...good(), amount: '1099' }), 400, 'parameter_type_invalid', '/amount'],
  ['an amount of null', () => ({ ...good(), amount: null }), 400, 'parameter_type_invalid', '/amount'],
  ['no amount', () => ({ currency: 'USD', customer }), 400, 'parameter_missing', '/amount'],
  ['a currency nobody has', () => ({ ...good(), currency: 'XYZ' }), 422, 'currency_unknown', '/currency'],
  ['gold', () => ({ ...good(), currency: 'XAU' }), 422, 'currency_unknown', '/currency'],
  ['a currency in lower case', () => ({ ...good(), currency: 'usd' }), 422, 'currency_unknown', '/currency'],
  ['yen with a fraction', () => text('10.5').replace('USD', 'JPY'), 422, 'amount_invalid', '/amount'],
  ['a number for a currency', () => ({ ...good(), currency: 840 }), 400, 'parameter_type_invalid', '/currency'],
  [
    'an unknown customer',
    () => ({ ...good(), customer: `cus_${'0'.repeat(32)}` }),
    422,
    'customer_unknown',
    '/customer',
  ],
  [
    "another merchant's customer",
    () => ({ ...good(), customer: foreignCustomer }),
    422,
    'customer_unknown',
    '/customer',
  ],
  [
    'a customer that is no id',
    () => ({ ...good(), customer: "cus_'; DROP TABLE" }),
    422,
    'customer_unknown',
    '/customer',
  ],
  [
    'a merchant for a customer',
    () => ({ ...good(), customer: `mer_${'0'.repeat(32)}` }),
    422,
    'customer_unknown',
    '/customer',
  ],
  [
    'an id of no version',
    () => ({ ...good(), customer: `cus_${'1'.repeat(32)}` }),
    422,
    'customer_unknown',
    '/customer',
  ],
  ['no customer', () => ({ amount: 1, currency: 'USD' }), 400, 'parameter_missing', '/customer'],
  ['a field nobody knows', () => ({ ...good(), status: 'succeeded' }), 400, 'parameter_unknown', null],
  ['a prototype', () => text('1').replace('{', '{"__proto__":{"amount":1},'), 400, 'parameter_unknown', null],
  ['metadata that is no text', () => ({ ...good(), metadata: { a: 1 } }), 400, 'parameter_type_invalid', '/metadata'],
  [
    'metadata that is no text under a name of two lines',
    () => ({ ...good(), metadata: { 'a\nb': { n: 1 } } }),
    400,
    'parameter_type_invalid',
    '/metadata',
  ],
  [
    'a name in the metadata without end',
    () => ({ ...good(), metadata: { ['x'.repeat(41)]: 'x' } }),
    422,
    'parameter_invalid',
    '/metadata',
  ],
  [
    'a description without end',
    () => ({ ...good(), description: 'x'.repeat(1_001) }),
    422,
    'parameter_invalid',
    '/description',
  ],
  ['a NUL', () => ({ ...good(), description: 'a\u0000b' }), 422, 'parameter_invalid', '/description'],
  [
    'half a character',
    () => text('1').replace('}', ',"description":"\\ud800"}'),
    422,
    'parameter_invalid',
    '/description',
  ],
  ['a card number', () => ({ ...good(), description: `card ${CARD}` }), 422, 'card_number_refused', '/description'],
  ['one in the metadata', () => ({ ...good(), metadata: { note: CARD } }), 422, 'card_number_refused', '/metadata'],
  [
    'one as a name',
    () => ({ ...good(), metadata: { '4111111111111111': 'x' } }),
    422,
    'card_number_refused',
    '/metadata',
  ],
  ['one as a field', () => ({ ...good(), '4111111111111111': 'x' }), 400, 'parameter_unknown', null],
  ['an array', () => [], 400, 'parameter_type_invalid', null],
  ['text', () => '"pay"', 400, 'parameter_type_invalid', null],
  ['broken JSON', () => '{"amount":', 400, 'json_invalid', null],
  ['nothing', () => '', 400, 'json_invalid', null],
  ['bytes that are not UTF-8', () => Buffer.from([0x7b, 0xff, 0x7d]), 400, 'json_invalid', null],
  ['a body without end', () => ({ ...good(), description: 'x'.repeat(70_000) }), 413, 'body_too_large', null],
];

test.each(refusals)('refuses %s', async (_what, body, status, code, param) => {
  const key = randomKey();
  const refused = await client.post('/v1/payments', body(), { 'idempotency-key': key });
  expect(refused.body).toMatchObject({ status, code, param, retryable: false });
  expect(refused.status).toBe(status);
  expect(refused.text).not.toContain('4111');
  // The key is free: a good body may have it.
  const headers = { 'idempotency-key': key, prefer: 'wait=0' };
  expect((await client.post('/v1/payments', good(), headers)).status).toBe(202);
});

test.each(['/v1/payments', '/v1/top_ups'])('asks for an idempotency key at %s', async (path) => {
  const missing = await client.post(path, good(), { 'idempotency-key': '' });
  expect(missing).toMatchObject({ status: 400, body: { code: 'idempotency_key_missing', param: 'Idempotency-Key' } });
  for (const key of ['x'.repeat(256), 'with space', 'with\ttab', 'é']) {
    const invalid = await client.post(path, good(), { 'idempotency-key': key });
    expect(invalid).toMatchObject({ status: 400, body: { code: 'idempotency_key_invalid' } });
  }
  const longest = await client.post(path, good(), {
    'idempotency-key': randomKey().padEnd(255, '~'),
    prefer: 'wait=0',
  });
  expect(longest.status).toBe(202);
});

test.each([
  [{ email: 'nobody' }, '/email'],
  [{ email: 'a@b\r\nBcc: c@d' }, '/email'],
  [{ email: 'a@b, c@d' }, '/email'],
  [{ name: 'x'.repeat(201) }, '/name'],
  [{ name: CARD }, '/name'],
])('refuses the customer %j', async (body, param) => {
  expect(await client.post('/v1/customers', body)).toMatchObject({ status: 422, body: { param } });
});

const CODE = CARD.replaceAll(' ', '');
const payment = `/v1/payments/pay_${'1'.repeat(32)}`;
const transfer = () => ({
  customer,
  currency: 'USD',
  purpose: 'loan',
  payees: [{ customer: foreignCustomer, amount: 1, purpose: CODE }],
});

test.each<[string, () => object, string]>([
  [`${payment}/refunds`, () => ({ reason: CODE }), '/reason'],
  [`${payment}/refunds`, () => ({ merchant_refund_id: CODE }), '/merchant_refund_id'],
  [`${payment}/cancel`, () => ({ reason: CODE }), '/reason'],
  ['/v1/transfers', transfer, '/payees/0/purpose'],
])('a code at %s goes onto the log, and is no card number', async (path, body, param) => {
  const refused = await client.post(path, body());
  expect(refused).toMatchObject({ status: 422, body: { code: 'card_number_refused', param } });
});

test.each(['limit=0', 'limit=101', 'limit=ten', 'starting_after=x', 'ending_before=pay_1', 'unknown=1'])(
  'refuses the query %s',
  async (query) => {
    expect((await client.get(`/v1/payments?${query}`)).status).toBeGreaterThanOrEqual(400);
    expect((await client.get(`/v1/payments?${query}`)).status).toBeLessThan(500);
  },
);

test('no card number reached the database or the log', async () => {
  const [row] = await harness.database.query<{ found: bigint }>({
    text: `SELECT count(*) AS found FROM operations AS o WHERE o::text LIKE '%4111%1111%'`,
  });
  expect(row?.found).toBe(0n);
  expect(harness.logLines.some((line) => line.includes('4111'))).toBe(false);
});
