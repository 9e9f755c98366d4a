// What follows a payment: once per key over two gateways, only what is left, and only from a state that allows it.
import { inspect } from 'node:util';
import type { PaymentRequested } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
let stranger: Client;
let customer: string;
const RACERS = 64;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  const [one, other] = [await harness.start(), await harness.start()];
  const { apiKey } = await harness.createMerchant();
  first = createClient(one, apiKey);
  second = createClient(other, apiKey);
  stranger = createClient(one, (await harness.createMerchant()).apiKey);
  customer = await first.createCustomer({ country: 'DE' });
  await first.post('/v1/top_ups', { amount: 1_000_000, currency: 'USD', customer });
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

interface Payment {
  id: string;
  status: string;
}

async function pay(changes: object = {}): Promise<string> {
  const reply = await first.post('/v1/payments', { amount: 1_000, currency: 'USD', customer, ...changes });
  expect(reply.status).toBe(201);
  return (reply.body as Payment).id; // a payment, as the document promises
}

const hold = () => pay({ capture_method: 'manual' });

function codeOf({ body }: Reply): string {
  return (body as { code: string }).code; // of the error object
}

async function shown(id: string): Promise<unknown> {
  return (await second.get(`/v1/payments/${id}`)).body;
}

/** 201 and succeeded. */
async function done(path: string, body: object): Promise<Reply> {
  const reply = await first.post(path, body);
  expect(reply).toMatchObject({ status: 201, body: { status: 'succeeded', failure: null } });
  return reply;
}

test('a hold is shown with what is left of it and until when', async () => {
  const id = await hold();
  const payment = (await shown(id)) as { created_at: string; capture_before: string };
  expect(payment).toMatchObject({
    ...{ status: 'authorized', capture_method: 'manual', amount: 1_000 },
    ...{ amount_captured: 0, amount_refunded: 0, amount_disputed: 0, amount_capturable: 1_000, fx: null },
  });
  expect(Date.parse(payment.capture_before) - Date.parse(payment.created_at)).toBe(7 * 24 * 3_600_000);
});

test('captured in parts, then what is left, then given back in parts: the payment shows each step', async () => {
  const id = await hold();
  const part = await done(`/v1/payments/${id}/capture`, { amount: 300, final: false });
  expect(part.body).toMatchObject({
    object: 'capture',
    payment: id,
    amount: 300,
    payment_status: 'partially_captured',
  });
  expect((await second.get(String(part.headers['location']))).text).toBe(part.text);
  expect(await shown(id)).toMatchObject({ status: 'partially_captured', amount_captured: 300, amount_capturable: 700 });
  const rest = await done(`/v1/payments/${id}/capture`, {});
  expect(rest.body).toMatchObject({ amount: 700, final: true, payment_status: 'succeeded' });

  const refund = await done(`/v1/payments/${id}/refunds`, { amount: 400, reason: 'broken', merchant_refund_id: 'r-1' });
  expect(refund.body).toMatchObject({ object: 'refund', amount: 400, reason: 'broken', merchant_refund_id: 'r-1' });
  expect(await shown(id)).toMatchObject({ status: 'partially_refunded', amount_captured: 1_000, amount_refunded: 400 });
  await done(`/v1/payments/${id}/refunds`, {});
  expect(await shown(id)).toMatchObject({ status: 'refunded', amount_refunded: 1_000, amount_capturable: 0 });
  const refunds = (await second.get(`/v1/payments/${id}/refunds`)).body as { data: { amount: number }[] };
  expect(refunds.data.map(({ amount }) => amount)).toEqual([600, 400]);
  const listed = (await second.get('/v1/payments?limit=1')).body as { data: Payment[] };
  expect(listed.data).toMatchObject([{ id, status: 'refunded' }]);
});

test('a repetition gets the first answer, whatever has become of the payment, and the same operation', async () => {
  const id = await pay();
  const key = { 'idempotency-key': randomKey() };
  const asked = await first.post(`/v1/payments/${id}/refunds`, {}, { ...key, prefer: 'wait=0' });
  expect(asked).toMatchObject({ status: 202, body: { status: 'requested', amount: 1_000, payment_status: null } });
  const repeated = await second.post(`/v1/payments/${id}/refunds`, {}, key);
  expect(repeated).toMatchObject({ status: 201, body: { amount: 1_000, payment_status: 'refunded' } });
  expect(repeated.headers['idempotent-replayed']).toBe('true');
  expect((await first.post(`/v1/payments/${id}/refunds`, {}, key)).text).toBe(repeated.text);

  const changed = await second.post(`/v1/payments/${id}/refunds`, { amount: 1_000 }, key);
  expect(changed).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused', param: '/amount', payment_id: id },
  });
  const elsewhere = await second.post(`/v1/payments/${await pay()}/refunds`, {}, key);
  expect(elsewhere).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused', param: null } });
  const otherKind = await second.post(`/v1/payments/${await hold()}/capture`, {}, key);
  expect(otherKind).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
});

test.each([
  ['a payment cannot be captured', pay, 'capture', {}, 'already_captured'],
  ['a payment cannot be canceled', pay, 'cancel', {}, 'already_captured'],
  ['no more than is held', hold, 'capture', { amount: 1_001 }, 'exceeds_authorized_amount'],
  ['no more than is captured', pay, 'refunds', { amount: 1_001 }, 'refund_exceeds_captured'],
  ['what is held is not refunded', hold, 'refunds', {}, 'refund_exceeds_captured'],
  ['what failed cannot be captured', () => pay({ amount: 9_999_999 }), 'capture', {}, 'payment_not_capturable'],
  ['what is canceled stays so', canceled, 'capture', {}, 'already_voided'],
  ['what is refunded stays so', refunded, 'refunds', { amount: 1 }, 'refund_exceeds_captured'],
])('%s: 409, and the key stays free', async (_what, make, action, body, code) => {
  const id = await make();
  const key = { 'idempotency-key': randomKey() };
  const reply = await first.post(`/v1/payments/${id}/${action}`, body, key);
  expect(reply).toMatchObject({ status: 409, body: { code, payment_id: id } });
  expect((await first.post('/v1/payments', { amount: 1, currency: 'USD', customer }, key)).status).toBe(201);
});

async function canceled(): Promise<string> {
  const id = await hold();
  const reply = await done(`/v1/payments/${id}/cancel`, { reason: 'changed_mind' });
  expect(reply.body).toMatchObject({
    object: 'cancel',
    payment: id,
    reason: 'changed_mind',
    payment_status: 'canceled',
  });
  expect(await shown(id)).toMatchObject({ status: 'canceled', amount_capturable: 0 });
  return id;
}

async function refunded(): Promise<string> {
  const id = await pay();
  await done(`/v1/payments/${id}/refunds`, {});
  return id;
}

test('what is not final yet, or not there, or another merchant’s, cannot be followed', async () => {
  const id = await pay();
  for (const path of [`/v1/payments/${id}/refunds`, `/v1/payments/${id}/capture`, `/v1/payments/${id}/cancel`]) {
    expect(await stranger.post(path, {})).toMatchObject({ status: 404, body: { code: 'object_not_found' } });
  }
  expect((await stranger.get(`/v1/payments/${id}/refunds`)).status).toBe(404);
  expect((await first.post(`/v1/payments/pay_${'0'.repeat(32)}/capture`, {})).status).toBe(404);
  expect((await first.post('/v1/payments/nonsense/capture', {})).status).toBe(404);
});

test('64 equal refunds at once, over two gateways, are one refund', async () => {
  const id = await pay();
  const key = { 'idempotency-key': randomKey() };
  const replies = await Promise.all(
    Array.from({ length: RACERS }, (_, racer) =>
      (racer % 2 === 0 ? first : second).post(`/v1/payments/${id}/refunds`, { amount: 10 }, key),
    ),
  );
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  expect(await shown(id)).toMatchObject({ amount_refunded: 10 });
});

test('64 refunds at once that together exceed the payment give back no more than was paid', async () => {
  const id = await pay();
  const replies = await Promise.all(
    Array.from({ length: RACERS }, (_, racer) =>
      (racer % 2 === 0 ? first : second).post(`/v1/payments/${id}/refunds`, { amount: 100 }),
    ),
  );
  const succeeded = replies.filter(({ body }) => (body as Payment).status === 'succeeded');
  expect(succeeded).toHaveLength(10);
  for (const { status, body } of replies) {
    if (status === 409) expect(body).toMatchObject({ code: 'refund_exceeds_captured' });
    else expect(status).toBe(201);
  }
  expect(await shown(id)).toMatchObject({ status: 'refunded', amount_refunded: 1_000 });
});

test('a merchant_refund_id is one refund of its payment, until that fails', async () => {
  const id = await pay();
  const body = { amount: 10, merchant_refund_id: 'return-7' };
  const race = await Promise.all(
    Array.from({ length: 8 }, (_, racer) =>
      (racer % 2 === 0 ? first : second).post(`/v1/payments/${id}/refunds`, body),
    ),
  );
  expect(race.filter(({ status }) => status === 201)).toHaveLength(1);
  const others = race.filter(({ status }) => status !== 201).map((reply) => [reply.status, codeOf(reply)]);
  expect(others).toEqual(Array.from({ length: 7 }, () => [409, 'duplicate_refund']));
  expect((await first.post(`/v1/payments/${await pay()}/refunds`, body)).status).toBe(201);

  // Two refunds together exceed the payment: what the gate cannot see fails, and the id of the failed one is free.
  const rest = await Promise.all(
    ['a', 'b'].map((merchant_refund_id) =>
      first.post(`/v1/payments/${id}/refunds`, { amount: 800, merchant_refund_id }, { prefer: 'wait=30' }),
    ),
  );
  const failed = rest.findIndex(({ body }) => (body as Payment).status === 'failed');
  expect(rest[failed]).toMatchObject({ status: 201, body: { failure: { code: 'refund_exceeds_captured' } } });
  const again = { amount: 190, merchant_refund_id: ['a', 'b'][failed] };
  expect(await first.post(`/v1/payments/${id}/refunds`, again)).toMatchObject({ body: { status: 'succeeded' } });
});

test.each([
  [{ capture_before: '2030-01-01T00:00:00Z' }, '/capture_before'],
  [{ capture_method: 'manual', capture_before: '2020-01-01T00:00:00Z' }, '/capture_before'],
  [{ capture_method: 'manual', capture_before: '2999-01-01T00:00:00Z' }, '/capture_before'],
  [{ capture_method: 'manual', capture_before: 'tomorrow' }, '/capture_before'],
  [{ capture_method: 'manual', capture_before: '1969-12-31T23:59:59Z' }, '/capture_before'],
  [{ capture_method: 'later' }, '/capture_method'],
  [{ source_currency: 'usd' }, '/source_currency'],
  [{ fx_quote: 'fxq_x' }, '/fx_quote'],
])('%j is refused with its pointer', async (changes, param) => {
  const reply = await first.post('/v1/payments', { amount: 1, currency: 'USD', customer, ...changes });
  expect(reply).toMatchObject({ status: 422, body: { param } });
});

test('a hold past its end is given back once, whichever gateway sees it first', async () => {
  const inTwoSeconds = new Date(Date.now() + 2_000).toISOString();
  const key = { 'idempotency-key': randomKey() };
  const body = { amount: 500, currency: 'USD', customer, capture_method: 'manual', capture_before: inTwoSeconds };
  const reply = await first.post('/v1/payments', body, key);
  const { id } = reply.body as Payment;
  await expect.poll(() => shown(id), { timeout: 15_000 }).toMatchObject({ status: 'expired', amount_capturable: 0 });
  expect(responder.requested.filter((each) => each.operation === 'expire' && each.paymentId === id)).toHaveLength(1);
  expect(await first.post(`/v1/payments/${id}/capture`, {})).toMatchObject({ body: { code: 'hold_expired' } });
  // Its first answer stays what it was, though the same hold could not be asked for any more.
  expect(await second.post('/v1/payments', body, key)).toMatchObject({ status: 201, text: reply.text });
});

test('the event carries the terms and the country, and no words', async () => {
  const id = await pay({ capture_method: 'manual', source_currency: 'EUR', description: 'a book' });
  const { authorize, ...requested } = responder.requested.find(({ operationId }) => operationId === id) ?? {};
  expect(requested).toMatchObject({ operation: 'authorize', sourceCurrency: 'EUR', country: 'DE' });
  expect(authorize?.expiresAt).toBeGreaterThan(0n);
  expect(inspect(requested, { depth: null })).not.toContain('a book');
  await first.post(`/v1/payments/${id}/capture`, { amount: 1, final: false });
  const capture = responder.requested.find(({ paymentId, operation }) => paymentId === id && operation === 'capture');
  expect(capture).toMatchObject({ customerId: customer, currency: 'USD', amountMinor: 1n, capture: { final: false } });
  expect(capture?.sourceCurrency).toBeNull();
  await first.post(`/v1/payments/${id}/capture`, {});
  await first.post(`/v1/payments/${id}/refunds`, { rate: 'current' });
  const refund = responder.requested.find(({ paymentId, operation }) => paymentId === id && operation === 'refund');
  expect(refund).toMatchObject({ sourceCurrency: 'EUR', amountMinor: 1_000n, refund: { rateChoice: 'current' } });
});

test('what the relay publishes again is the same record, whatever the operation', async () => {
  // Published operations are forgotten a moment behind the send.
  const waiting = () =>
    harness.database.query<{ count: bigint }>({ text: 'SELECT count(*) FROM unpublished_operations' });
  await expect.poll(waiting, { timeout: 20_000 }).toEqual([{ count: 0n }]);
  const before = [...responder.requested];
  expect(new Set(before.map(({ operation }) => operation)).size).toBeGreaterThanOrEqual(6);
  await harness.database.execute({
    text: `INSERT INTO unpublished_operations (id, requested_at) SELECT id, now() - interval '10 seconds' FROM operations`,
  });
  await expect.poll(() => responder.requested.length, { timeout: 20_000 }).toBe(2 * before.length);
  const byId = (records: readonly PaymentRequested[]) =>
    records.toSorted((a, b) => (a.operationId < b.operationId ? -1 : 1));
  expect(byId(responder.requested.slice(before.length))).toEqual(byId(before));
});
