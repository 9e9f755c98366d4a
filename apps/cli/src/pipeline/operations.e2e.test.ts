/** Every operation over HTTP on the running system: the demonstrations, operators, disputes, pay-outs, and dry runs that come true. */

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../connect.ts';
import { createLedgerView } from '../demo/ledger-view.ts';
import { runWholeProof } from '../prove/run-proof.ts';
import type { Answer, Merchant } from './testing/merchant.ts';
import { createMerchant } from './testing/merchant.ts';
import type { Pipeline } from './testing/start-pipeline.ts';
import { startPipeline } from './testing/start-pipeline.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const WAIT = { prefer: 'wait=30' };

let pipeline: Pipeline;
let merchant: Merchant;
let operators: readonly [Merchant, Merchant];

beforeAll(async () => {
  pipeline = await startPipeline();
  const stack = await pipeline.stack();
  merchant = createMerchant(stack.gateway_url, stack.api_key);
  const keys = [await operatorKey('Olga'), await operatorKey('Omar')] as const;
  operators = [createMerchant(stack.operator_url, keys[0]), createMerchant(stack.operator_url, keys[1])];
});

afterAll(async () => {
  await pipeline?.close();
});

/** Runs the command line as a person would, with its output as JSON. */
async function paystream(...args: readonly string[]): Promise<unknown> {
  const env = { ...process.env, ...pipeline.environment };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args, '--json'], { env });
  return JSON.parse(stdout);
}

async function operatorKey(name: string): Promise<string> {
  const made = (await paystream('operator', 'add', name)) as { operator_key: string }; // as its --json promises
  return made.operator_key;
}

/** A payment of a new customer, final. */
async function pay(amount: number, terms: object = {}): Promise<{ id: string; customer: string }> {
  const customer = await merchant.customerWith(amount);
  const { body, text } = await merchant.post('/v1/payments', { amount, currency: 'USD', customer, ...terms }, WAIT);
  if (body.id === undefined || body.status === 'failed') throw new Error(`the payment ended as ${text}`);
  return { id: body.id, customer };
}

async function until(path: string, status: string): Promise<Answer> {
  let seen: Answer | undefined;
  const isThere = async () => {
    seen = await merchant.get(path);
    return seen.body.status === status;
  };
  await waitFor(isThere, { what: `${path} to be ${status}`, deadlineMs: 30_000 });
  if (seen === undefined) throw new Error(`${path} was not read`);
  return seen;
}

test.each(['shop', 'lending'])('the %s tells its story, and the books follow from the log', async (story) => {
  expect(await paystream('demo', story)).toMatchObject({ story, proof: { differences: [] } });
});

test('what a dry run shows is what then happens, to the last posting', async () => {
  const customer = await merchant.customerWith(5_000);
  const body = { amount: 3_333, currency: 'USD', customer };
  const dry = await merchant.post('/v1/payments', { ...body, dry_run: true });
  const shown = JSON.parse(dry.text) as {
    postings: { debit: string; credit: string; amount: number }[];
  };
  const real = await merchant.post('/v1/payments', body, WAIT);
  const { databases } = await pipeline.stack();
  const database = connectDatabase(databases.accounts, 10_000);
  const postings = await createLedgerView(database).postingsOf(real.body.id ?? '');
  await database.close();
  const withoutPartition = (account: string) => account.replace(/:p\d+$/, '');
  expect(
    shown.postings.map(({ debit, credit, amount }) => [withoutPartition(debit), withoutPartition(credit), amount]),
  ).toEqual(
    postings.map(({ debitAccount, creditAccount, amountMinor }) => [
      withoutPartition(debitAccount),
      withoutPartition(creditAccount),
      Number(amountMinor),
    ]),
  );
  expect(real.body.status).toBe('succeeded');
});

test('an operator freezes a wallet, and gives it back', async () => {
  const customer = await merchant.customerWith(1_000);
  const account = `test:wallet:${customer}:USD`;
  const why = { reason_code: 'suspicion', reason: 'Asked to by the customer' };
  const buy = () => merchant.post('/v1/payments', { amount: 100, currency: 'USD', customer }, WAIT);
  expect((await operators[0].post(`/v1/accounts/${account}/freeze`, why, WAIT)).body.status).toBe('succeeded');
  expect((await buy()).body.failure?.code).toBe('account_frozen');
  expect((await operators[1].post(`/v1/accounts/${account}/unfreeze`, why, WAIT)).body.status).toBe('succeeded');
  expect((await buy()).body.status).toBe('succeeded');
});

test('a daily limit that an operator sets holds', async () => {
  const customer = await merchant.customerWith(1_000);
  const limits = { reason_code: 'risk', reason: 'New customer', daily_amount: 250, daily_count: 5 };
  const set = await operators[0].post(`/v1/accounts/test:wallet:${customer}:USD/limits`, limits, WAIT);
  expect(set.body.status).toBe('succeeded');
  const words = [];
  for (const amount of [200, 51, 50, 1]) {
    const { body } = await merchant.post('/v1/payments', { amount, currency: 'USD', customer }, WAIT);
    words.push(body.failure?.code ?? body.status);
  }
  expect(words).toEqual(['succeeded', 'velocity_limit_exceeded', 'succeeded', 'velocity_limit_exceeded']);
});

test('a correction above the limit takes two persons, and happens once', async () => {
  const { id, customer } = await pay(300_000);
  const { merchant_id: merchantId } = await pipeline.stack();
  const lines = [
    {
      debit: `test:payable:${merchantId}:USD`,
      credit: `test:wallet:${customer}:USD`,
      currency: 'USD',
      amount: 200_000,
    },
  ];
  const order = { of_operation: id, lines, reason_code: 'wrong_amount', reason: 'The cashier typed a digit too many' };
  const asked = await operators[0].post('/v1/corrections', order, WAIT);
  expect(asked.body.status).toBe('awaiting_approval');
  const approve = `/v1/corrections/${asked.body.id}/approve`;
  const consent = { reason_code: 'wrong_amount', reason: 'Seen the receipt' };
  expect((await operators[0].post(approve, consent)).status).toBe(403);
  const approved = await operators[1].post(approve, consent, WAIT);
  expect(approved.body.status).toBe('succeeded');
  const balances = await merchant.get(`/v1/customers/${customer}/balances`);
  expect(balances.body.data?.[0]?.posted).toBe(200_000);

  const again = await operators[0].post('/v1/corrections', { ...order, lines: [{ ...lines[0], amount: 100 }] }, WAIT);
  expect(again.text).toContain('duplicate');
});

test('a dispute is opened, answered, and lost; another is won', async () => {
  const fact = (payment: string, type: string, terms: object = {}) =>
    merchant.post('/v1/sandbox/provider_events', { id: randomUUID(), type, payment, dispute: payment, ...terms });
  const opening = { amount: 600, currency: 'USD', fee: 15, reason: '4853' };
  const lost = await pay(1_000);
  await fact(lost.id, 'dispute_opened', opening);
  await until(`/v1/payments/${lost.id}`, 'disputed');
  const refused = await merchant.post(`/v1/payments/${lost.id}/refunds`, { amount: 1 }, WAIT);
  expect([refused.status, refused.body.code]).toEqual([409, 'payment_disputed']);
  await fact(lost.id, 'dispute_lost');
  await until(`/v1/payments/${lost.id}`, 'charged_back');
  const back = await merchant.get(`/v1/customers/${lost.customer}/balances`);
  expect(back.body.data?.[0]?.posted).toBe(600);

  const won = await pay(1_000);
  await fact(won.id, 'dispute_opened', opening);
  await until(`/v1/payments/${won.id}`, 'disputed');
  await fact(won.id, 'dispute_won');
  await until(`/v1/payments/${won.id}`, 'succeeded');
});

test('a pay-out that fails is given back, and one that was paid can return', async () => {
  const settle = (payout: string, type: string, terms: object = {}) =>
    merchant.post('/v1/sandbox/provider_events', { id: randomUUID(), type, payout, ...terms });
  const customer = await merchant.customerWith(1_000);
  const send = async () => {
    const { body } = await merchant.post('/v1/payouts', { amount: 400, currency: 'USD', customer });
    await until(`/v1/payouts/${body.id}`, 'in_transit');
    return String(body.id);
  };
  const failed = await send();
  await settle(failed, 'pay_out_failed', { code: 'account_closed_or_invalid' });
  await until(`/v1/payouts/${failed}`, 'failed');
  const returned = await send();
  await settle(returned, 'pay_out_paid');
  await until(`/v1/payouts/${returned}`, 'paid');
  await settle(returned, 'pay_out_returned');
  await until(`/v1/payouts/${returned}`, 'returned');
  const { body } = await merchant.get(`/v1/customers/${customer}/balances`);
  expect(body.data?.[0]?.posted).toBe(1_000);
});

test('a wrong report leaves a pay-out on its way, and the right one ends it', async () => {
  const tell = (payout: string, type: string, terms: object = {}) =>
    merchant.post('/v1/sandbox/provider_events', { id: randomUUID(), type, payout, ...terms });
  const customer = await merchant.customerWith(1_000);
  const { body } = await merchant.post('/v1/payouts', { amount: 400, currency: 'USD', customer });
  const payout = String(body.id);
  await until(`/v1/payouts/${payout}`, 'in_transit');
  for (const terms of [{ currency: 'EUR' }, { amount: 399 }]) await tell(payout, 'pay_out_paid', terms);
  await tell(payout, 'pay_out_failed', { amount: 1 });
  await tell(payout, 'pay_out_paid');
  await until(`/v1/payouts/${payout}`, 'paid');
  await tell(payout, 'pay_out_failed');
  await tell(payout, 'pay_out_paid');

  const tooMuch = { amount: 9_000, currency: 'USD', customer };
  const declined = await merchant.post('/v1/payouts', tooMuch, WAIT);
  expect(declined.body.status).toBe('failed');
  const id = String(declined.body.id);
  const answer = await tell(id, 'pay_out_paid');
  const { operation } = JSON.parse(answer.text) as { operation: string };
  const { databases } = await pipeline.stack();
  const database = connectDatabase(databases.accounts, 10_000);
  const ledger = createLedgerView(database);
  await waitFor(async () => (await ledger.postingsOf(operation)).length > 0, { what: 'the late report to be posted' });
  await database.close();
  expect((await merchant.get(`/v1/payouts/${id}`)).text).toBe(declined.text);
  expect((await merchant.get(`/v1/payouts/${payout}`)).body.status).toBe('paid');
});

test('an operator ends a pay-out that nobody reports', async () => {
  const customer = await merchant.customerWith(1_000);
  const { body } = await merchant.post('/v1/payouts', { amount: 400, currency: 'USD', customer });
  const payout = String(body.id);
  await until(`/v1/payouts/${payout}`, 'in_transit');
  const order = { outcome: 'failed', reason_code: 'never_left', reason: 'The bank has heard of nothing' };
  expect((await operators[0].post(`/v1/payouts/${payout}/resolve`, order)).status).toBe(202);
  await until(`/v1/payouts/${payout}`, 'failed');
  const { body: balances } = await merchant.get(`/v1/customers/${customer}/balances`);
  expect(balances.data?.[0]?.posted).toBe(1_000);
});

test('and the books follow from the log', async () => {
  const proof = await runWholeProof(await pipeline.stack());
  expect(proof.differences).toEqual([]);
  expect(proof.differenceCount).toBe(0);
});
