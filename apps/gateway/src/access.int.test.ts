// Tries keys and ids that are somebody else's.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { visiblePartOf } from './access/api-keys.ts';
import { toUuid } from '@paystream/payments';
import type { Gateway } from './app.ts';
import { revokeApiKey } from './store/revoke-api-key.ts';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import { startPostgresProxy } from './testing/postgres-proxy.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let gateway: Gateway;
let client: Client;
let other: Client;

beforeAll(async () => {
  harness = await createHarness();
  gateway = await harness.start();
  client = createClient(gateway, (await harness.createMerchant()).apiKey);
  other = createClient(gateway, (await harness.createMerchant()).apiKey);
});

afterAll(() => harness.close());

test('every object of another merchant is as if it did not exist, whatever is asked of it', async () => {
  const customer = await client.createCustomer({ name: 'Ada' });
  const accepted = { prefer: 'wait=0' };
  const payment = await client.post('/v1/payments', { amount: 1, currency: 'USD', customer }, accepted);
  const topUp = await client.post('/v1/top_ups', { amount: 1, currency: 'USD', customer }, accepted);
  const paths = [
    `/v1/customers/${customer}`,
    `/v1/customers/${customer}/balances`,
    `/v1/customers/${customer}/transactions`,
    String(payment.headers['location']),
    String(topUp.headers['location']),
  ];
  for (const path of paths) {
    expect((await client.get(path)).status, path).toBe(200);
    expect(await other.get(path), path).toMatchObject({ status: 404, body: { code: 'object_not_found' } });
  }
  expect((await other.get('/v1/payments')).body).toEqual({ data: [], has_more: false, next_cursor: null });
  const cursor = String(payment.headers['location']).slice('/v1/payments/'.length);
  expect((await other.get(`/v1/payments?starting_after=${cursor}`)).status).toBe(422);
  // A top-up is no payment, not even the merchant's own.
  expect((await client.get(String(topUp.headers['location']).replace('top_ups/tu', 'payments/pay'))).status).toBe(404);
});

test('a live key does not see what a test key made, and gives itself no money', async () => {
  const live = createClient(gateway, (await harness.createMerchant('live')).apiKey);
  const customer = await live.createCustomer();
  const topUp = await live.post('/v1/top_ups', { amount: 1, currency: 'USD', customer });
  expect(topUp).toMatchObject({ status: 403, body: { code: 'not_available_in_live' } });
});

test.each(['', 'sk_test_', 'sk_test_0123456789abcdef', `sk_test_${'0'.repeat(64)}`, 'x'.repeat(5_000)])(
  'the key %s is nobody’s',
  async (key) => {
    expect((await createClient(gateway, key).get('/v1/payments')).status).toBe(401);
  },
);

test('a key with another secret part is refused', async () => {
  const { apiKey } = await harness.createMerchant();
  const forged = `${apiKey.slice(0, -1)}${apiKey.endsWith('0') ? '1' : '0'}`;
  expect((await createClient(gateway, forged).get('/v1/payments')).status).toBe(401);
  expect((await createClient(gateway, apiKey).get('/v1/payments')).status).toBe(200);
});

/** Polled at once and often: the first answer other than before counts. */
const WITHIN_A_SECOND = { timeout: 1_000, interval: 20 };

test('a revoked key dies within a second at every gateway, however long it was known', async () => {
  const { apiKey } = await harness.createMerchant();
  const clients = [createClient(gateway, apiKey), createClient(await harness.start(), apiKey)];
  for (const each of clients) expect((await each.get('/v1/payments')).status).toBe(200);
  await revokeApiKey(harness.database, visiblePartOf(apiKey) ?? '');
  await Promise.all(
    clients.map((each) => expect.poll(async () => (await each.get('/v1/payments')).status, WITHIN_A_SECOND).toBe(401)),
  );
  expect((await client.get('/v1/payments')).status).toBe(200);
});

test('a revocation that a gateway could not hear is found by looking', { timeout: 20_000 }, async () => {
  const proxy = await startPostgresProxy(harness.config.GATEWAY_DATABASE_URL);
  const { apiKey } = await harness.createMerchant();
  const deaf = createClient(await harness.start({ GATEWAY_DATABASE_URL: proxy.url }), apiKey);
  expect((await deaf.get('/v1/payments')).status).toBe(200);
  proxy.cut();
  await revokeApiKey(harness.database, visiblePartOf(apiKey) ?? '');
  proxy.mend();
  await expect.poll(async () => (await deaf.get('/v1/payments')).status, { timeout: 5_000, interval: 50 }).toBe(401);
  await proxy.close();
});

test('a merchant who is made inactive is refused, and comes back, within a second at every gateway', async () => {
  const { apiKey, merchantId } = await harness.createMerchant();
  const clients = [createClient(gateway, apiKey), createClient(await harness.start(), apiKey)];
  for (const each of clients) expect((await each.get('/v1/payments')).status).toBe(200);
  for (const [status, answer] of [
    ['inactive', 403],
    ['active', 200],
  ]) {
    await harness.database.execute({
      text: `INSERT INTO merchant_versions (merchant_id, environment, version, status, fee_plan)
             SELECT merchant_id, environment, max(version) + 1, $2, '{"version":"1","rules":[]}' FROM merchant_versions
              WHERE merchant_id = $1 GROUP BY merchant_id, environment`,
      values: [toUuid(merchantId), status],
    });
    await Promise.all(
      clients.map((each) =>
        expect.poll(async () => (await each.get('/v1/payments')).status, WITHIN_A_SECOND).toBe(answer),
      ),
    );
  }
});

test('a key and a customer that are known are not read again', { timeout: 20_000 }, async () => {
  const proxy = await startPostgresProxy(harness.config.GATEWAY_DATABASE_URL);
  const { apiKey } = await harness.createMerchant();
  const known = createClient(await harness.start({ GATEWAY_DATABASE_URL: proxy.url }), apiKey);
  const customer = await known.createCustomer();
  const pay = () => known.post('/v1/payments', { amount: 1, currency: 'USD', customer }, { prefer: 'wait=0' });
  expect((await pay()).status).toBe(202);
  const read = proxy.count(['find-api-key', 'find-customers']);
  const looked = proxy.count(['read-due-work']);
  // Longer than a key was remembered when nothing told that it had not changed.
  await expect.poll(looked, { timeout: 15_000 }).toBeGreaterThanOrEqual(5);
  expect((await pay()).status).toBe(202);
  expect(read()).toBe(0);
  await proxy.close();
});

test('who guesses keys is slowed down, and keeps nobody waiting whose key is known', async () => {
  const { apiKey } = await harness.createMerchant();
  const good = createClient(gateway, apiKey);
  expect((await good.get('/v1/payments')).status).toBe(200);
  const guesses = Array.from({ length: 200 }, () => `sk_test_${randomBytes(32).toString('hex')}`);
  const [mine, ...theirs] = await Promise.all(
    [
      ...guesses.map((guess) => createClient(gateway, guess).get('/v1/payments')),
      good.get('/v1/payments'),
    ].toReversed(),
  );
  expect(mine?.status).toBe(200);
  expect(new Set(theirs.map(({ status }) => status))).toEqual(new Set([401, 429]));
});

test('a key is not kept in clear', async () => {
  const { apiKey } = await harness.createMerchant();
  const [row] = await harness.database.query<{ found: bigint }>({
    text: 'SELECT count(*) AS found FROM api_keys AS k WHERE k::text LIKE $1',
    values: [`%${apiKey.slice(-48)}%`],
  });
  expect(row?.found).toBe(0n);
});

test('a person is sealed at rest and opened for the merchant', async () => {
  const person = { name: 'Ada Lovelace', email: 'ada@example.org', metadata: { tier: 'gold' } };
  const customer = await client.createCustomer(person);
  expect((await client.get(`/v1/customers/${customer}`)).body).toMatchObject(person);
  const [row] = await harness.database.query<{ found: bigint }>({
    text: `SELECT count(*) AS found FROM customers AS c
            WHERE encode(email_sealed, 'escape') ~ 'ada' OR encode(name_sealed, 'escape') ~ 'Ada' OR c::text ~ 'gold'`,
  });
  expect(row?.found).toBe(0n);
});

test('the notifier can open a contact with the keys of the contacts view alone', async () => {
  const customer = await client.createCustomer({ name: 'Grace', email: 'grace@example.org' });
  const [contact] = await harness.database.query<{ email_sealed: Buffer; key_sealed: Buffer; environment: string }>({
    text: 'SELECT email_sealed, key_sealed, environment FROM contacts WHERE customer_id = $1',
    values: [customer],
  });
  if (contact === undefined) throw new Error('no contact');
  expect(contact.environment).toBe('test');
  expect(harness.vault.open(contact.key_sealed, contact.email_sealed)).toBe('grace@example.org');
});
