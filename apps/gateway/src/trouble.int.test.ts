// Takes the broker, the database and the room away: what was accepted is kept, what cannot be is refused at once.
import { createLogger, createMetrics } from '@paystream/telemetry';
import { newId } from '@paystream/payments';
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwners } from './customers/owners.ts';
import type { ClaimOutcome } from './intake/claim.ts';
import { createIntake } from './intake/intake.ts';
import { createGatewayMetrics } from './metrics.ts';
import { toPaymentClaim } from './payments/payment-claim.ts';
import { createChanges } from './remembered/changes.ts';
import type { Client } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import type { PostgresProxy } from './testing/postgres-proxy.ts';
import { startPostgresProxy } from './testing/postgres-proxy.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let responder: Responder;
let proxy: PostgresProxy;
let client: Client;
let apiKey: string;
let customer: string;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  proxy = await startPostgresProxy(harness.config.GATEWAY_DATABASE_URL);
  const gateway = await harness.start({ GATEWAY_DATABASE_URL: proxy.url });
  ({ apiKey } = await harness.createMerchant());
  client = createClient(gateway, apiKey);
  customer = await client.createCustomer();
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
  await proxy.close();
});

const good = () => ({ amount: 1, currency: 'USD', customer });
const AT_ONCE = { prefer: 'wait=0' };

test('a commit whose reply is lost is a 503 that claims nothing, and the key tells what became of it', async () => {
  const headers = { 'idempotency-key': randomKey(), ...AT_ONCE };
  proxy.loseReplyTo('insert-operations');
  const lost = await client.post('/v1/payments', good(), headers);
  expect(lost).toMatchObject({ status: 503, body: { code: 'acceptance_unknown', retryable: true } });
  expect(Number(lost.headers['retry-after'])).toBeGreaterThan(0);
  const again = await client.post('/v1/payments', good(), { ...headers, prefer: 'wait=20' });
  expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } });
});

test('without its database the gateway says so at once, is alive but not ready, and comes back by itself', async () => {
  proxy.cut();
  const refused = await client.post('/v1/payments', good(), AT_ONCE);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await client.get('/v1/payments')).status).toBe(503);
  expect((await client.get('/health/ready')).status).toBe(503);
  expect((await client.get('/health/live')).status).toBe(200);
  proxy.mend();
  await waitFor(async () => (await client.get('/health/ready')).status === 200, {
    what: 'readiness',
    deadlineMs: 20_000,
  });
  expect(await client.post('/v1/payments', good(), { prefer: 'wait=20' })).toMatchObject({ status: 201 });
});

test('without a broker the gateway accepts, and another one publishes what it left', { timeout: 60_000 }, async () => {
  const cutOff = await harness.start({ KAFKA_BROKERS: ['127.0.0.1:1'] });
  const lonely = createClient(cutOff, apiKey);
  const accepted = await lonely.post('/v1/payments', good(), AT_ONCE);
  expect(accepted.status).toBe(202);
  expect((await lonely.get('/health/ready')).status).toBe(503);
  const location = String(accepted.headers['location']);
  await waitFor(async () => (await client.get(location)).text.includes('"settled_at":"'), {
    what: 'the outcome by way of the relay of the other gateway',
    deadlineMs: 30_000,
  });
});

test('a full outbox refuses before anything is written', async () => {
  await harness.database.execute({
    text: `INSERT INTO unpublished_operations (id, requested_at)
           SELECT gen_random_uuid(), now() FROM generate_series(1, 100001)`,
  });
  const ask = () => client.post('/v1/payments', good(), AT_ONCE);
  const stalled = await waitFor(
    async () => {
      const reply = await ask();
      return reply.status === 503 ? reply : undefined;
    },
    { what: 'a refusal' },
  );
  expect(stalled.body).toMatchObject({ code: 'publishing_stalled', category: 'unavailable', retryable: true });
  expect(stalled.headers['retry-after']).toBe('5');
  await harness.database.execute({
    text: 'DELETE FROM unpublished_operations AS u WHERE NOT EXISTS (SELECT FROM operations WHERE id = u.id)',
  });
  await waitFor(async () => (await ask()).status === 202, { what: 'room in the outbox' });
});

test("a customer's damaged key refuses that customer's claims and none beside them", async () => {
  const damaged = await client.createCustomer({ name: 'Somebody' });
  const first = { ...good(), customer: damaged, description: 'first' };
  const key = { 'idempotency-key': randomKey(), ...AT_ONCE };
  expect((await client.post('/v1/payments', first, key)).status).toBe(202);
  await harness.database.execute({
    text: "UPDATE customers SET key_sealed = '\\x0102' WHERE id = $1",
    values: [damaged.slice('cus_'.length)],
  });
  // A gateway that has not met the customer reads the key anew.
  const other = createClient(await harness.start(), apiKey);
  const replies = await Promise.all([
    other.post('/v1/payments', { ...good(), customer: damaged, description: 'x' }, AT_ONCE),
    ...Array.from({ length: 5 }, () => other.post('/v1/payments', { ...good(), description: 'x' }, AT_ONCE)),
  ]);
  expect(replies.map(({ status }) => status)).toEqual([500, 202, 202, 202, 202, 202]);
  expect(replies[0]?.body).toMatchObject({ code: 'internal' });
  // What was sealed under it can be compared with nothing.
  const reused = await other.post('/v1/payments', { ...first, amount: 2 }, key);
  expect(reused).toMatchObject({ status: 500, body: { code: 'internal' } });
  expect((await other.post('/v1/payments', good(), AT_ONCE)).status).toBe(202);
});

test('a full queue refuses, loses nothing it took, and takes again when there is room', async () => {
  const { database, vault } = harness;
  const merchant = await client.get('/v1/payments').then(() => harness.createMerchant());
  const metrics = createGatewayMetrics(createMetrics({ app: 'test' }));
  const intake = createIntake({
    ...{
      database,
      vault,
      metrics,
      owners: createOwners(database, createChanges()),
      quotes: { load: () => Promise.resolve(new Map()) },
    },
    outlet: { push: () => undefined, drain: () => Promise.resolve() },
    outboxLimits: { isReached: () => false, added: () => undefined, measure: (read) => read() },
    logger: createLogger({ name: 'test', level: 'silent' }),
    queuedMax: 10,
  });
  const outcomes: ClaimOutcome[] = [];
  const claim = () =>
    toPaymentClaim({
      caller: {
        ...{
          keyId: 'key',
          scopes: new Set(),
          merchantId: merchant.merchantId,
          environment: 'test',
          merchantVersion: 1n,
        },
        merchantUuid: '00000000-0000-0000-0000-000000000000',
      },
      idempotencyKey: randomKey(),
      body: { ...good(), customer: newId('cus') },
      traceparent: null,
      params: {},
    });
  for (let count = 0; count < 10; count++) intake.submit(claim(), (outcome) => outcomes.push(outcome));
  expect(() => intake.submit(claim(), () => undefined)).toThrow(expect.objectContaining({ code: 'overloaded' }));
  await intake.drain();
  expect(outcomes).toHaveLength(10);
  intake.submit(claim(), (outcome) => outcomes.push(outcome));
  await intake.drain();
  expect(outcomes).toHaveLength(11);
});
