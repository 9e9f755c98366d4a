// Tells the sandbox's facts, once each, and follows disputes from the log to the merchant and back.
import type { Follower } from '@paystream/messaging';
import { HOUSE_MERCHANT_ID, newId } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import type { PaymentSettled, ProviderEvent } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import { readDocument } from './testing/document.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder, toRecord } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const PATH = '/v1/sandbox/provider_events';

let harness: GatewayHarness;
let gateway: Gateway;
let responder: Responder;
let follower: Follower;
let client: Client;
let other: Client;
let merchantId: string;
const told: ProviderEvent[] = [];
let ledgerNumber = 1_000_000n;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  gateway = await harness.start();
  const merchant = await harness.createMerchant();
  ({ merchantId } = merchant);
  client = createClient(gateway, merchant.apiKey);
  other = createClient(gateway, (await harness.createMerchant()).apiKey);
  const { codec } = harness.test.messaging;
  follower = await harness.test.messaging.follow({
    topics: ['provider.event'],
    from: 'earliest',
    onRecords: async (records) => {
      await codec.prepare('provider.event', records);
      for (const { value } of records) {
        const decoded = codec.decode('provider.event', value);
        if (decoded.ok) told.push(decoded.value);
      }
    },
  });
});

afterAll(async () => {
  await follower.stop();
  await responder.stop();
  await harness.close();
});

async function aPayment(by = client): Promise<{ payment: string; customer: string }> {
  const customer = await by.createCustomer();
  await by.post('/v1/top_ups', { amount: 5_000, currency: 'USD', customer });
  const paid = await by.post('/v1/payments', { amount: 2_000, currency: 'USD', customer });
  return { payment: (paid.body as { id: string }).id, customer };
}

const toldOf = (id: string) => told.filter(({ providerEventId }) => providerEventId === `${merchantId}:${id}`);

test('a fact is stored once, published once, and answered the same again', async () => {
  const { payment, customer } = await aPayment();
  const id = randomKey();
  const body = {
    id,
    type: 'dispute_opened',
    payment,
    dispute: 'case-1',
    amount: 2_000,
    fee: 1_500,
    reason: '10.4',
    due_by: '2099-01-01T00:00:00Z',
  };
  const [first, second] = await Promise.all([client.post(PATH, body), client.post(PATH, body)]);
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.body).toEqual(first.body);
  expect(first.body).toMatchObject({ id, object: 'provider_event', type: 'dispute_opened', payment });
  await expect.poll(() => toldOf(id).length, { timeout: 5_000 }).toBe(1);
  expect(toldOf(id)[0]).toMatchObject({
    ...{
      provider: 'sandbox',
      merchantId,
      environment: 'test',
      providerReference: payment,
      paymentId: payment,
      customerId: customer,
    },
    ...{ amountMinor: 2_000n, feeMinor: 1_500n, currency: 'USD', reasonCode: '10.4', dueBy: 4_070_908_800_000_000n },
    disputeId: (first.body as { dispute: string }).dispute,
  });
  expect(await client.post(PATH, { ...body, amount: 1_999 })).toMatchObject({ status: 422, body: { param: '/id' } });
});

test('what a crash left unpublished, any gateway publishes, in order', async () => {
  const { payment } = await aPayment();
  const ids = [randomKey(), randomKey()];
  const [opened = '', won = ''] = ids;
  await client.post(PATH, { id: opened, type: 'dispute_opened', payment, dispute: 'case-2', amount: 100 });
  await client.post(PATH, { id: won, type: 'dispute_won', payment, dispute: 'case-2' });
  await expect.poll(() => [...toldOf(opened), ...toldOf(won)].length, { timeout: 5_000 }).toBe(2);
  await harness.database.execute({
    text: 'UPDATE provider_events SET published_at = NULL WHERE event_id = ANY ($1::text[])',
    values: [ids.map((id) => `${merchantId}:${id}`)],
  });
  await expect.poll(() => [...toldOf(opened), ...toldOf(won)].length, { timeout: 5_000 }).toBe(4);
  const again = told.slice(-2).map(({ type }) => type);
  expect(again).toEqual(['dispute_opened', 'dispute_won']);
});

test('two merchants’ names for events and disputes are not each other’s', async () => {
  const [mine, theirs] = await Promise.all([aPayment(), aPayment(other)]);
  const body = { id: 'same', type: 'dispute_opened', dispute: 'same', amount: 1 };
  const first = await client.post(PATH, { ...body, payment: mine.payment });
  const second = await other.post(PATH, { ...body, payment: theirs.payment });
  expect([first.status, second.status]).toEqual([202, 202]);
  expect((first.body as { dispute: string }).dispute).not.toBe((second.body as { dispute: string }).dispute);
  expect(await other.post(PATH, { ...body, id: 'not-mine', payment: mine.payment })).toMatchObject({
    status: 404,
    body: { param: '/payment' },
  });
});

test.each<[string, object, number, string]>([
  ['no payment', { type: 'dispute_opened', dispute: 'd', amount: 1 }, 400, '/payment'],
  ['no reference', { type: 'dispute_won', payment: 'PAYMENT' }, 400, '/dispute'],
  ['no amount', { type: 'dispute_opened', payment: 'PAYMENT', dispute: 'd' }, 400, '/amount'],
  ['a pay-out beside', { type: 'dispute_won', payment: 'PAYMENT', payout: 'po_x', dispute: 'd' }, 422, '/payout'],
  ['a payment for a pay-out', { type: 'pay_out_paid', payment: 'PAYMENT' }, 422, '/payment'],
  ['no such pay-out', { type: 'pay_out_failed', payout: `po_${'1'.repeat(32)}` }, 404, '/payout'],
  ['a time that is none', { type: 'dispute_won', payment: 'PAYMENT', dispute: 'd', due_by: 'soon' }, 422, '/due_by'],
  ['a time that is no instant', { type: 'dispute_won', payment: 'PAYMENT', dispute: 'd', due_by: '1' }, 422, '/due_by'],
  [
    'a time before there were any',
    { type: 'dispute_won', payment: 'PAYMENT', dispute: 'd', due_by: '1969-12-31T23:59:59Z' },
    422,
    '/due_by',
  ],
  ['a card number', { id: '4111-1111-1111-1111', type: 'dispute_won', payment: 'PAYMENT', dispute: 'd' }, 422, '/id'],
  ['a reason in words', { type: 'dispute_won', payment: 'PAYMENT', dispute: 'd', reason: 'not mine' }, 422, '/reason'],
])('a fact with %s is refused', async (_name, body, status, param) => {
  const { payment } = await aPayment();
  const sent = JSON.parse(JSON.stringify({ id: randomKey(), ...body }).replace('PAYMENT', payment)) as object;
  expect(await client.post(PATH, sent)).toMatchObject({ status, body: { param } });
});

test('nobody tells facts about real money here', async () => {
  const live = createClient(gateway, (await harness.createMerchant('live')).apiKey);
  const body = { id: 'x', type: 'pay_out_paid', payout: `po_${'1'.repeat(32)}` };
  expect(await live.post(PATH, body)).toMatchObject({ status: 403, body: { code: 'not_available_in_live' } });
});

/** Settles a fact as the ledger would. */
async function settle(event: ProviderEvent, status: string, changes: Partial<PaymentSettled> = {}): Promise<void> {
  const { messaging } = harness.test;
  ledgerNumber += 1n;
  const { type, provider, providerEventId, providerReference, disputeId, amountMinor, feeMinor, currency } = event;
  const { reasonCode, dueBy, occurredAt, environment, customerId } = event;
  const settled = aPaymentSettled({
    operationId: newId('dis'),
    operation: 'dispute',
    ...{ paymentId: event.paymentId ?? '', environment, customerId, merchantId: event.merchantId ?? HOUSE_MERCHANT_ID },
    settledAt: occurredAt,
    ...{ status, paymentStatus: 'disputed', balances: [], ledgerNumber, ledgerIndex: 0 },
    fact: {
      type,
      provider,
      providerEventId,
      providerReference,
      disputeId,
      amountMinor,
      feeMinor,
      currency,
      reasonCode,
      dueBy,
      occurredAt,
    },
    ...changes,
  });
  const publisher = messaging.createPublisher();
  await publisher.publish([toRecord(messaging, settled, 0)]);
  await publisher.close();
}

async function anOpenDispute(
  dueBy = '2099-01-01T00:00:00Z',
): Promise<{ dispute: string; event: ProviderEvent; customer: string }> {
  const { payment, customer } = await aPayment();
  const id = randomKey();
  const body = {
    id,
    type: 'dispute_opened',
    payment,
    dispute: id,
    amount: 2_000,
    fee: 1_500,
    reason: '10.4',
    due_by: dueBy,
  };
  const dispute = ((await client.post(PATH, body)).body as { dispute: string }).dispute;
  await expect.poll(() => toldOf(id).length, { timeout: 5_000 }).toBe(1);
  const [event] = toldOf(id);
  if (event === undefined) throw new Error('it is there');
  await settle(event, 'succeeded');
  await expect.poll(async () => (await client.get(`/v1/disputes/${dispute}`)).status, { timeout: 5_000 }).toBe(200);
  return { dispute, event, customer };
}

const statusOf = async (dispute: string) => (await client.get(`/v1/disputes/${dispute}`)).body as { status: string };

test('evidence is taken until the dispute is decided, sealed, and shown to the merchant', async () => {
  const { dispute, event, customer } = await anOpenDispute();
  const path = `/v1/disputes/${dispute}`;
  const { expectAsPromised } = await readDocument(client);
  expect((await client.get(path)).body).toMatchObject({
    ...{
      status: 'needs_response',
      amount: 2_000,
      fee: 1_500,
      currency: 'USD',
      network_reason_code: '10.4',
      evidence: [],
    },
    due_by: '2099-01-01T00:00:00.000000Z',
  });
  const said = await client.post(`${path}/evidence`, { text: 'Ada signed for the parcel' });
  expectAsPromised('post', '/v1/disputes/{id}/evidence', said);
  expectAsPromised('get', '/v1/disputes', await client.get('/v1/disputes'));
  expect(said).toMatchObject({
    status: 200,
    body: { status: 'under_review', evidence: [{ text: 'Ada signed for the parcel' }] },
  });
  expect(await client.post(`${path}/evidence`, { text: 'card 4242424242424242' })).toMatchObject({ status: 422 });
  const [row] = await harness.database.query<{ found: bigint }>({
    text: `SELECT count(*) AS found FROM dispute_evidence WHERE encode(text_sealed, 'escape') ~ 'Ada'`,
  });
  expect(row?.found).toBe(0n);

  await settle({ ...event, type: 'dispute_won', amountMinor: null }, 'succeeded');
  await expect.poll(() => statusOf(dispute), { timeout: 5_000 }).toMatchObject({ status: 'won' });
  expect(await client.post(`${path}/evidence`, { text: 'More' })).toMatchObject({
    status: 409,
    body: { code: 'dispute_closed' },
  });

  await harness.database.execute({
    text: `UPDATE customers SET key_sealed = NULL WHERE 'cus_' || replace(id::text, '-', '') = $1`,
    values: [customer],
  });
  expect((await client.get(path)).body).toMatchObject({ evidence: [{ text: null }] });
});

test('evidence that comes too late is refused', async () => {
  const { dispute } = await anOpenDispute('2020-01-01T00:00:00Z');
  const late = await client.post(`/v1/disputes/${dispute}/evidence`, { text: 'Late' });
  expect(late).toMatchObject({ status: 409, body: { code: 'evidence_past_due' } });
});

test('a dispute has twenty pieces of evidence at most, however many come at once', async () => {
  const { dispute } = await anOpenDispute();
  const path = `/v1/disputes/${dispute}/evidence`;
  const replies = await Promise.all(Array.from({ length: 25 }, () => client.post(path, { text: 'Seen' })));
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(20);
  const refused = replies.filter(({ status }) => status !== 200);
  expect(refused.map(({ body }) => (body as { code: string }).code)).toEqual(Array(5).fill('evidence_limit_reached'));
});

test('a merchant lists their own disputes, newest first, and sees no others', async () => {
  const first = await anOpenDispute();
  const second = await anOpenDispute();
  const page = (await client.get('/v1/disputes?limit=1')).body as { data: { id: string }[]; next_cursor: string };
  expect(page).toMatchObject({ data: [{ id: second.dispute }], has_more: true });
  const next = await client.get(`/v1/disputes?limit=1&starting_after=${page.next_cursor}`);
  expect(next.body).toMatchObject({ data: [{ id: first.dispute }] });
  expect((await other.get('/v1/disputes')).body).toEqual({ data: [], has_more: false, next_cursor: null });
  expect((await other.get(`/v1/disputes/${first.dispute}`)).status).toBe(404);
  expect((await other.post(`/v1/disputes/${first.dispute}/evidence`, { text: 'x' })).status).toBe(404);
  expect((await other.get(`/v1/disputes?starting_after=${first.dispute}`)).status).toBe(422);
});

test('what the books could not do as told is for an operator', async () => {
  const { dispute, event } = await anOpenDispute();
  await settle({ ...event, type: 'dispute_lost' }, 'manual_review');
  await expect.poll(() => statusOf(dispute), { timeout: 5_000 }).toMatchObject({ status: 'manual_review' });
});

test('an operator corrects a fact as any operation', async () => {
  const { event, customer } = await anOpenDispute();
  const operator = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  const [fact] = await harness.database.query<{ id: string }>({
    text: `SELECT 'dis_' || replace(operation_id::text, '-', '') AS id FROM provider_events WHERE event_id = $1`,
    values: [event.providerEventId],
  });
  const lines = [{ debit: 'test:suspense:USD', credit: `test:wallet:${customer}:USD`, currency: 'USD', amount: 5 }];
  const reason = { reason_code: 'closed', reason: 'Sorted out with the provider' };
  expect(await operator.post('/v1/corrections', { of_operation: fact?.id, lines, ...reason })).toMatchObject({
    status: 201,
  });
  const record = responder.requested.find(({ correction }) => correction?.ofOperationId === fact?.id);
  expect(record).toMatchObject({ operation: 'correct', customerId: customer, merchantId, paymentId: event.paymentId });
});
