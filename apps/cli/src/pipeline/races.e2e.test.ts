/** Races of everything that follows a payment, over two instances of every app: the sums are always right. */

import { randomUUID } from 'node:crypto';
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWholeProof } from '../prove/run-proof.ts';
import type { Answer, Merchant } from './testing/merchant.ts';
import { createMerchant } from './testing/merchant.ts';
import type { Pipeline } from './testing/start-pipeline.ts';
import { startPipeline } from './testing/start-pipeline.ts';

const RACERS = 64;
const PAIRS = 12;
const WAIT = { prefer: 'wait=30' };

let pipeline: Pipeline;
let gateways: readonly [Merchant, Merchant];

beforeAll(async () => {
  pipeline = await startPipeline();
  const { gateway_urls: urls, api_key: key } = await pipeline.stack();
  const [first = '', second = ''] = urls;
  gateways = [createMerchant(first, key), createMerchant(second, key)];
});

afterAll(async () => {
  await pipeline?.close();
});

/** Alternates between the gateways. */
function gateway(number: number): Merchant {
  return gateways[number % 2 === 0 ? 0 : 1];
}

interface Order {
  readonly amount?: number;
  readonly currency?: string;
  readonly terms?: object;
}

/** A payment of a new customer who can afford it. */
async function pay({ amount = 1_000, currency = 'USD', terms = {} }: Order = {}): Promise<{
  id: string;
  customer: string;
}> {
  const customer = await gateway(0).customerWith(amount, currency);
  const { body, text } = await gateway(1).post('/v1/payments', { amount, currency, customer, ...terms }, WAIT);
  if (body.id === undefined || body.status === 'failed') throw new Error(`the payment ended as ${text}`);
  return { id: body.id, customer };
}

const hold = { terms: { capture_method: 'manual' } };

/** Asks until it is decided; a key that is just being claimed is asked again. */
async function ask(merchant: Merchant, path: string, body: object, key: string = randomUUID()): Promise<Answer> {
  let answer = await merchant.post(path, body, { ...WAIT, 'idempotency-key': key });
  await waitFor(
    async () => {
      if (answer.status !== 202 && answer.body.code !== 'request_in_progress') return true;
      answer = await merchant.post(path, body, { ...WAIT, 'idempotency-key': key });
      return false;
    },
    { what: `${path} to be decided`, deadlineMs: 60_000 },
  );
  return answer;
}

/** `succeeded`, the code it failed with, or the code it was refused with. */
function wordOf({ body }: Answer): string {
  return body.failure?.code ?? body.code ?? String(body.status);
}

function countOf(answers: readonly Answer[], word: string): number {
  return answers.filter((answer) => wordOf(answer) === word).length;
}

async function balanceOf(customer: string, currency = 'USD'): Promise<number> {
  const { body } = await gateway(0).get(`/v1/customers/${customer}/balances`);
  return body.data?.find((balance) => balance.currency === currency)?.posted ?? 0;
}

test('64 equal refunds under one key are one refund, with one answer', async () => {
  const { id, customer } = await pay();
  const key = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: RACERS }, (_, at) => ask(gateway(at), `/v1/payments/${id}/refunds`, { amount: 400 }, key)),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.map(wordOf)).toEqual(Array(RACERS).fill('succeeded'));
  expect(await balanceOf(customer)).toBe(400);
});

test('of 64 refunds of all under keys of their own, one succeeds', async () => {
  const { id, customer } = await pay();
  const answers = await Promise.all(
    Array.from({ length: RACERS }, (_, at) => ask(gateway(at), `/v1/payments/${id}/refunds`, { amount: 1_000 })),
  );
  expect(countOf(answers, 'succeeded')).toBe(1);
  expect(countOf(answers, 'refund_exceeds_captured')).toBe(RACERS - 1);
  expect(await balanceOf(customer)).toBe(1_000);
});

test('64 refunds of different parts that exceed the capture together never give back more than was captured', async () => {
  const { id, customer } = await pay();
  const parts = Array.from({ length: RACERS }, (_, at) => 20 + at);
  const answers = await Promise.all(
    parts.map((amount, at) => ask(gateway(at), `/v1/payments/${id}/refunds`, { amount })),
  );
  const given = parts.reduce((sum, part, at) => (answers[at]?.body.status === 'succeeded' ? sum + part : sum), 0);
  expect(countOf(answers, 'succeeded') + countOf(answers, 'refund_exceeds_captured')).toBe(RACERS);
  expect(await balanceOf(customer)).toBe(given);
  // Whatever came first, what is left is less than the smallest part that was refused.
  const refused = parts.filter((_, at) => answers[at]?.body.status !== 'succeeded');
  expect(1_000 - given).toBeGreaterThanOrEqual(0);
  expect(1_000 - given).toBeLessThan(Math.max(...refused));
});

test('capture against cancel: one of them', async () => {
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const { id, customer } = await pay(hold);
    const [capture, cancel] = await Promise.all([
      ask(gateway(pair), `/v1/payments/${id}/capture`, { amount: 1_000 }),
      ask(gateway(pair + 1), `/v1/payments/${id}/cancel`, {}),
    ]);
    const words = [wordOf(capture), wordOf(cancel)].join(' ');
    expect(['succeeded already_captured', 'already_voided succeeded']).toContain(words);
    expect(await balanceOf(customer)).toBe(words.startsWith('succeeded') ? 0 : 1_000);
  }
});

test('capture against expiry: one of them, and what expires is given back', async () => {
  const payments = await Promise.all(
    Array.from({ length: PAIRS }, () => {
      const captureBefore = new Date(Date.now() + 1_500).toISOString();
      return pay({ terms: { capture_method: 'manual', capture_before: captureBefore } });
    }),
  );
  // Each is captured when its time is about over, some a little before it and some a little after.
  const answers = await Promise.all(
    payments.map(async ({ id }, at) => {
      const isNear = async () => {
        const { body } = await gateway(at).get(`/v1/payments/${id}`);
        const dueMs = Date.parse(String((body as { capture_before?: string }).capture_before));
        return Date.now() > dueMs + (at - PAIRS / 2) * 150;
      };
      await waitFor(isNear, { what: 'the end of the hold', deadlineMs: 30_000, intervalMs: 20 });
      return ask(gateway(at), `/v1/payments/${id}/capture`, { amount: 1_000 });
    }),
  );
  for (const [at, { id, customer }] of payments.entries()) {
    const isCaptured = wordOf(answers[at] ?? answers[0]!) === 'succeeded';
    const final = isCaptured ? 'succeeded' : 'expired';
    await waitFor(async () => (await gateway(at).get(`/v1/payments/${id}`)).body.status === final, {
      what: `${id} to be ${final}`,
      deadlineMs: 30_000,
    });
    expect(await balanceOf(customer)).toBe(isCaptured ? 0 : 1_000);
  }
});

test('the same capture under two keys happens once', async () => {
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const { id, customer } = await pay(hold);
    const answers = await Promise.all(
      [0, 1].map((at) => ask(gateway(pair + at), `/v1/payments/${id}/capture`, { amount: 1_000 })),
    );
    expect(answers.map(wordOf).toSorted()).toEqual(['already_captured', 'succeeded']);
    expect(await balanceOf(customer)).toBe(0);
  }
});

test('refund against pay-out of the same money: one of them', async () => {
  // A currency of its own: the merchant has in it what these payments bring, less the fees.
  const currency = 'CHF';
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const { id } = await pay({ amount: 1_000, currency });
    const { body } = await gateway(0).get('/v1/balance');
    const available = body.data?.find((balance) => balance.currency === currency)?.posted ?? 0;
    const [refund, payOut] = await Promise.all([
      ask(gateway(pair), `/v1/payments/${id}/refunds`, { amount: 900 }),
      gateway(pair + 1).post('/v1/payouts', { amount: available, currency }, WAIT),
    ]);
    const isPaidOut = payOut.body.status !== 'failed';
    expect([wordOf(refund), isPaidOut]).toEqual(isPaidOut ? ['insufficient_funds', true] : ['succeeded', false]);
  }
});

test('a pay-out whose end is told before it is admitted ends all the same', async () => {
  const { customer } = await pay();
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const own = await gateway(pair).customerWith(100);
    const body = { amount: 1, currency: 'USD', customer: own };
    const busy = Array.from({ length: 25 }, () =>
      gateway(pair).post('/v1/payments', { ...body, customer }, { prefer: 'wait=0' }),
    );
    const sent = await gateway(pair).post('/v1/payouts', { ...body, amount: 100 }, { prefer: 'wait=0' });
    const payout = String(sent.body.id);
    const report = { id: randomUUID(), type: 'pay_out_paid', payout };
    expect((await gateway(pair + 1).post('/v1/sandbox/provider_events', report)).status).toBe(202);
    await Promise.all(busy);
    await waitFor(async () => (await gateway(pair).get(`/v1/payouts/${payout}`)).body.status === 'paid', {
      what: `${payout} to be paid`,
      deadlineMs: 30_000,
    });
  }
});

test('and the books follow from the log', async () => {
  const proof = await runWholeProof(await pipeline.stack());
  expect(proof.differences).toEqual([]);
  expect(proof.differenceCount).toBe(0);
});
