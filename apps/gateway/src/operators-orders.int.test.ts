// Lets operators command accounts and correct operations, and sees what reaches the log, once, with two persons where asked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const REASON = { reason_code: 'theft', reason: 'The customer called' };

let harness: GatewayHarness;
let gateway: Gateway;
let responder: Responder;
let operator: Client;
let second: Client;
let client: Client;
let merchantId: string;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  gateway = await harness.start();
  const server = gateway.operatorServer;
  operator = createClient({ server }, await harness.createOperator());
  second = createClient({ server }, await harness.createOperator());
  const merchant = await harness.createMerchant();
  ({ merchantId } = merchant);
  client = createClient(gateway, merchant.apiKey);
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id; // every answer below has one
const requested = (id: string) => responder.requested.filter(({ operationId }) => operationId === id);

async function actionsOf(objectId: string): Promise<{ action: string; reason: string; result: string }[]> {
  return harness.database.query({
    text: 'SELECT action, reason, result FROM operator_actions WHERE object_id = $1 ORDER BY created_at',
    values: [objectId],
  });
}

test('a freeze is an operation of the wallet’s owner, ordered once per key, with the reason beside it', async () => {
  const customer = await client.createCustomer();
  const account = `test:wallet:${customer}:USD`;
  const path = `/v1/accounts/${account}/freeze`;
  const headers = { 'idempotency-key': 'freeze-it' };
  const frozen = await operator.post(path, REASON, headers);
  expect(frozen).toMatchObject({ status: 201, body: { operation: 'freeze', status: 'succeeded', account, customer } });
  expect(frozen.body).toMatchObject({ ordered_by: { reason_code: 'theft', reason: REASON.reason, approver: null } });
  const again = await operator.post(path, REASON, headers);
  expect(again).toMatchObject({ status: 201, body: frozen.body, headers: { 'idempotent-replayed': 'true' } });
  expect(await operator.post(path, { ...REASON, reason: 'Another' }, headers)).toMatchObject({
    status: 422,
    body: { param: '/reason' },
  });
  const [record, ...more] = requested(idOf(frozen));
  expect(more).toEqual([]);
  expect(record).toMatchObject({
    operation: 'freeze',
    merchantId,
    customerId: customer,
    account: { accountId: account },
    amountMinor: null,
  });
  expect(record?.operator).toMatchObject({ reasonCode: 'theft', approverId: null });
  expect(await actionsOf(account)).toEqual([{ action: 'account.freeze', reason: REASON.reason, result: idOf(frozen) }]);
  expect((await operator.get(`/v1/operations/${idOf(frozen)}`)).body).toEqual(frozen.body);
});

test('equal orders at once are one, over two gateways, with one reason', async () => {
  const customer = await client.createCustomer();
  const account = `test:wallet:${customer}:EUR`;
  const key = await harness.createOperator();
  const { operatorServer } = await harness.start();
  const both = [createClient({ server: gateway.operatorServer }, key), createClient({ server: operatorServer }, key)];
  const headers = { 'idempotency-key': 'at-once' };
  const send = (each: Client) => each.post(`/v1/accounts/${account}/freeze`, REASON, headers);
  const answers = await Promise.all([...both, ...both, ...both, ...both].map(send));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers.filter((answer) => answer.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  const [first] = answers;
  if (first === undefined) throw new Error('eight were sent');
  expect(requested(idOf(first))).toHaveLength(1);
  expect(await actionsOf(account)).toHaveLength(1);
});

test('limits are set all three, on a merchant’s own account too', async () => {
  const account = `test:payable:${merchantId}:USD`;
  const limited = await operator.post(`/v1/accounts/${account}/limits`, { ...REASON, overdraft: 500, daily_count: 3 });
  expect(limited).toMatchObject({ status: 201, body: { operation: 'limit', customer: null } });
  expect(requested(idOf(limited))[0]).toMatchObject({
    customerId: null,
    merchantId,
    account: { accountId: account, overdraftMinor: 500n, dailyAmountMinor: null, dailyCount: 3n },
  });
});

test.each([
  'test:wallet:cus_11111111111111111111111111111111:USD',
  'test:fee_income:USD:p0',
  'test:receivable:MERCHANT:USD',
  'test:wallet:MERCHANT:USD',
  'test:payable:MERCHANT:XXX',
  'live:payable:MERCHANT:USD',
  'nonsense',
])('there is no account %s to command', async (account) => {
  const path = `/v1/accounts/${account.replace('MERCHANT', merchantId)}/close`;
  expect(await operator.post(path, REASON)).toMatchObject({ status: 404 });
});

test('an order wants a key and a reason', async () => {
  const path = `/v1/accounts/test:payable:${merchantId}:USD/unfreeze`;
  expect(await operator.post(path, REASON, { 'idempotency-key': '' })).toMatchObject({ status: 400 });
  expect(await operator.post(path, { reason_code: 'x' })).toMatchObject({ status: 400, body: { param: '/reason' } });
  expect(await operator.post(path, { ...REASON, reason_code: 'Not a code' })).toMatchObject({ status: 422 });
  expect(await operator.post(path, { ...REASON, reason_code: '4111111111111111' })).toMatchObject({
    body: { code: 'card_number_refused', param: '/reason_code' },
  });
});

async function aPayment(): Promise<{ payment: string; customer: string }> {
  const customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount: 5_000, currency: 'USD', customer });
  return { payment: idOf(await client.post('/v1/payments', { amount: 2_000, currency: 'USD', customer })), customer };
}

function correctionOf({ payment, customer }: { payment: string; customer: string }, amount: number) {
  const line = { debit: 'test:fee_income:USD', credit: `test:wallet:${customer}:USD`, currency: 'USD', amount };
  return { of_operation: payment, lines: [line], reason_code: 'wrong_fee', reason: 'Charged twice' };
}

test('a small correction goes to the log at once, in the name of one', async () => {
  const paid = await aPayment();
  const body = correctionOf(paid, 30);
  const corrected = await operator.post('/v1/corrections', body, { 'idempotency-key': 'c1' });
  expect(corrected).toMatchObject({ status: 201, body: { status: 'succeeded', approver: null, lines: body.lines } });
  const [record] = requested(idOf(corrected));
  expect(record).toMatchObject({
    operation: 'correct',
    paymentId: paid.payment,
    customerId: paid.customer,
    merchantId,
  });
  expect(record?.correction).toMatchObject({
    ofOperationId: paid.payment,
    lines: [{ debitAccountId: 'test:fee_income:USD', amountMinor: 30n }],
  });
  const again = await operator.post('/v1/corrections', body, { 'idempotency-key': 'c1' });
  expect(again).toMatchObject({ status: 201, body: corrected.body, headers: { 'idempotent-replayed': 'true' } });
  expect(await operator.post('/v1/corrections', correctionOf(paid, 31), { 'idempotency-key': 'c1' })).toMatchObject({
    status: 422,
  });
  expect(requested(idOf(corrected))).toHaveLength(1);
  expect(await actionsOf(idOf(corrected))).toHaveLength(1);
});

test('a large correction waits for a second person, who is not the first, and goes once', async () => {
  const paid = await aPayment();
  const asked = await operator.post('/v1/corrections', correctionOf(paid, 100_001));
  expect(asked).toMatchObject({ status: 202, body: { status: 'awaiting_approval' } });
  const path = `/v1/corrections/${idOf(asked)}`;
  const why = { reason_code: 'checked', reason: 'I have looked at it' };
  expect(await operator.post(`${path}/approve`, why)).toMatchObject({
    status: 403,
    body: { code: 'approver_is_author' },
  });
  expect(requested(idOf(asked))).toEqual([]);

  const [first, other] = await Promise.all([second.post(`${path}/approve`, why), second.post(`${path}/approve`, why)]);
  expect([first.status, other.status]).toEqual([201, 201]);
  const third = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  expect(await third.post(`${path}/approve`, why)).toMatchObject({
    status: 409,
    body: { code: 'correction_not_awaiting' },
  });
  expect((await operator.get(path)).body).toMatchObject({ status: 'succeeded', reason: 'Charged twice' });
  const [record, ...more] = requested(idOf(asked));
  expect(more).toEqual([]);
  expect(record?.operator?.approverId).toMatch(/^op_/);
  expect(record?.operator?.approverId).not.toBe(record?.operator?.operatorId);
  expect((await actionsOf(idOf(asked))).map(({ action }) => action)).toEqual(['correction.ask', 'correction.approve']);
});

test('a command under the key of a correction, before it or after it, takes nothing away from it', async () => {
  const paid = await aPayment();
  const command = `/v1/accounts/test:wallet:${paid.customer}:USD/unfreeze`;
  const headers = { 'idempotency-key': 'both' };
  const early = await operator.post(command, REASON, headers);
  const waiting = await operator.post('/v1/corrections', correctionOf(paid, 100_001), headers);
  expect(waiting).toMatchObject({ status: 202, body: { status: 'awaiting_approval' } });
  expect((await operator.post(command, REASON, headers)).body).toEqual(early.body);
  const agreed = await second.post(`/v1/corrections/${idOf(waiting)}/approve`, REASON);
  expect(agreed).toMatchObject({ status: 201, body: { status: 'succeeded' } });
  expect(requested(idOf(waiting)).map(({ operation }) => operation)).toEqual(['correct']);
});

test('a sum counts per currency, in its major units', async () => {
  const paid = await aPayment();
  const line = (currency: string, amount: number) => ({
    debit: `test:suspense:${currency}`,
    credit: `test:fee_income:${currency}`,
    currency,
    amount,
  });
  const send = (lines: object[]) => operator.post('/v1/corrections', { ...correctionOf(paid, 1), lines });
  expect(await send([line('USD', 60_000), line('USD', 40_000), line('JPY', 1_000)])).toMatchObject({ status: 201 });
  expect(await send([line('USD', 60_000), line('USD', 40_001)])).toMatchObject({ status: 202 });
  expect(await send([line('JPY', 1_001)])).toMatchObject({ status: 202 });
});

test.each<[string, object, string]>([
  ['an account with a partition', { debit: 'test:fee_income:USD:p1' }, '/lines/0/debit'],
  ['an account of the other environment', { debit: 'live:fee_income:USD' }, '/lines/0/debit'],
  ['an account of another currency', { debit: 'test:fee_income:EUR' }, '/lines/0/debit'],
  ['a wallet of nobody', { credit: 'test:wallet:cus_11111111111111111111111111111111:USD' }, '/lines/0/credit'],
  ['one account twice', { credit: 'test:fee_income:USD' }, '/lines/0/credit'],
  ['no currency', { currency: 'XXX' }, '/lines/0/currency'],
])('a correction with %s is refused', async (_name, change, param) => {
  const body = correctionOf(await aPayment(), 5);
  const lines = [{ ...body.lines[0], ...change }];
  expect(await operator.post('/v1/corrections', { ...body, lines })).toMatchObject({ status: 422, body: { param } });
});

test('only what there was can be corrected', async () => {
  const paid = await aPayment();
  for (const unknown of [`pay_${'1'.repeat(32)}`, paid.payment.replace('pay_', 'tu_'), `dis_${'1'.repeat(32)}`, 'x']) {
    const body = correctionOf({ ...paid, payment: unknown }, 5);
    expect(await operator.post('/v1/corrections', body), unknown).toMatchObject({ status: 404 });
  }
  expect(await operator.get('/v1/corrections/cor_x')).toMatchObject({ status: 404 });
  expect(await operator.get(`/v1/operations/${paid.payment.replace('pay_', 're_')}`)).toMatchObject({ status: 404 });
  expect((await operator.get(`/v1/operations/${paid.payment}`)).body).toMatchObject({
    operation: 'pay',
    merchant: merchantId,
    ordered_by: null,
  });
});
