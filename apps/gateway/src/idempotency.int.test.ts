// One key, one payment, for ever: raced, repeated, changed, over two gateways and after a crash.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client, Reply } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let responder: Responder;
let first: Client;
let second: Client;
let customer: string;
const RACERS = 64;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  const gateways: Gateway[] = [await harness.start(), await harness.start()];
  const { apiKey } = await harness.createMerchant();
  const [one, other] = gateways;
  if (!one || !other) throw new Error('two gateways were started');
  first = createClient(one, apiKey);
  second = createClient(other, apiKey);
  customer = await first.createCustomer();
  await first.post('/v1/top_ups', { amount: 1_000_000, currency: 'USD', customer });
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

const good = () => ({ amount: 1_099, currency: 'USD', customer, description: 'a book', metadata: { order: '17' } });

function idOf({ body }: Reply): string {
  return (body as { id: string }).id; // of a payment, as the document promises
}

function requestedOf(id: string): number {
  return responder.requested.filter(({ operationId }) => operationId === id).length;
}

test('64 equal requests at once, over two gateways, are one payment with one answer', async () => {
  const headers = { 'idempotency-key': randomKey() };
  const replies = await Promise.all(
    Array.from({ length: RACERS }, (_, racer) =>
      (racer % 2 === 0 ? first : second).post('/v1/payments', good(), headers),
    ),
  );
  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: RACERS }, () => 201));
  const [{ text } = { text: '' }] = replies;
  expect(new Set(replies.map((reply) => reply.text))).toEqual(new Set([text]));
  expect(replies.filter((reply) => reply.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  expect(requestedOf(idOf(theFirst(replies)))).toBe(1);
});

test('64 different bodies under one key at once are one payment; the others are told the field', async () => {
  const headers = { 'idempotency-key': randomKey() };
  const replies = await Promise.all(
    Array.from({ length: RACERS }, (_, racer) =>
      (racer % 2 === 0 ? first : second).post('/v1/payments', { ...good(), amount: 100 + racer }, headers),
    ),
  );
  const accepted = replies.filter(({ status }) => status === 201);
  expect(accepted).toHaveLength(1);
  const refused = replies.filter(({ status }) => status === 422);
  expect(refused).toHaveLength(RACERS - 1);
  for (const { body } of refused) {
    expect(body).toMatchObject({
      code: 'idempotency_key_reused',
      param: '/amount',
      payment_id: idOf(theFirst(accepted)),
    });
  }
});

test('a repetition at another gateway gives the frozen answer, byte for byte', async () => {
  const headers = { 'idempotency-key': randomKey() };
  const answer = await first.post('/v1/payments', good(), headers);
  // The same body, written otherwise.
  const { customer: same, ...rest } = good();
  const again = await second.post('/v1/payments', JSON.stringify({ customer: same, ...rest }, null, 2), headers);
  expect(again.status).toBe(201);
  expect(again.text).toBe(answer.text);
  expect(answer.headers['idempotent-replayed']).toBeUndefined();
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(requestedOf(idOf(answer))).toBe(1);
});

test.each([
  ['/amount', { amount: 1 }],
  ['/currency', { currency: 'EUR' }],
  ['/description', { description: 'another book' }],
  ['/description', { description: undefined }],
  ['/metadata', { metadata: { order: '18' } }],
  ['/metadata', { metadata: { order: '17', more: 'x' } }],
])('another body is told of %s: %j', async (param, change) => {
  const headers = { 'idempotency-key': randomKey() };
  await first.post('/v1/payments', good(), headers);
  const reply = await second.post('/v1/payments', { ...good(), ...change }, headers);
  expect(reply).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused', category: 'idempotency', param },
  });
});

test('a key of a payment is no key of a top-up', async () => {
  const headers = { 'idempotency-key': randomKey() };
  const { description: _description, metadata: _metadata, ...body } = good();
  await first.post('/v1/payments', body, headers);
  const reply = await second.post('/v1/top_ups', body, headers);
  expect(reply).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused', param: null } });
});

test('a customer is made once per key, and another body is told of the field', async () => {
  const headers = { 'idempotency-key': randomKey() };
  const person = { name: 'Ada', email: 'ada@example.org' };
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, racer) => (racer % 2 === 0 ? first : second).post('/v1/customers', person, headers)),
  );
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  expect(replies.filter((reply) => reply.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  const other = await first.post('/v1/customers', { ...person, name: 'Grace' }, headers);
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused', param: '/name' } });
});

test('a request that does not wait gets 202 and where to look; its repetition waits and gets the final answer', async () => {
  const headers = { 'idempotency-key': randomKey() };
  const accepted = await first.post('/v1/payments', good(), { ...headers, prefer: 'wait=0' });
  expect(accepted).toMatchObject({
    status: 202,
    body: { status: 'requested', settled_at: null, description: 'a book' },
  });
  const location = String(accepted.headers['location']);
  expect(location).toBe(`/v1/payments/${idOf(accepted)}`);
  const final = await second.post('/v1/payments', good(), headers);
  expect(final).toMatchObject({ status: 201, body: { status: 'succeeded' } });
  expect((await first.get(location)).text).toBe(final.text);
});

test('erasing a person takes the words out of an answer and leaves the money', async () => {
  const person = await first.createCustomer({ name: 'Ada' });
  const paid = await first.post('/v1/payments', { ...good(), customer: person });
  await harness.database.execute({
    text: `UPDATE customers SET key_sealed = NULL WHERE 'cus_' || replace(id::text, '-', '') = $1`,
    values: [person],
  });
  const shown = await first.get(String(paid.headers['location']));
  expect(shown).toMatchObject({ status: 200, body: { amount: 1_099, description: null, metadata: {} } });
});

function theFirst<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}
