// Operators end a pay-out of which no right report comes: one alone up to the limit, else two who say the same.
import type { Follower } from '@paystream/messaging';
import { factIdOf } from '@paystream/payments';
import type { ProviderEvent } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../testing/client.ts';
import { createClient } from '../testing/client.ts';
import type { Responder } from '../testing/responder.ts';
import { startResponder } from '../testing/responder.ts';
import type { GatewayHarness } from '../testing/test-gateway.ts';
import { createHarness } from '../testing/test-gateway.ts';

const REASON = { reason_code: 'bank_says_so', reason: 'Their statement of today has it' };
/** Minor units; the limit is 1,000 major ones. */
const [SMALL, LARGE] = [100_000, 100_001];

let harness: GatewayHarness;
let responder: Responder;
let follower: Follower;
let client: Client;
let first: Client;
let second: Client;
const told: ProviderEvent[] = [];

beforeAll(async () => {
  harness = await createHarness();
  const { messaging } = harness.test;
  responder = await startResponder(messaging);
  const gateway = await harness.start({ CORRECTION_ALONE_MAX: 1_000 });
  client = createClient(gateway, (await harness.createMerchant()).apiKey);
  first = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  second = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  follower = await messaging.follow({
    topics: ['provider.event'],
    from: 'earliest',
    onRecords: async (records) => {
      await messaging.codec.prepare('provider.event', records);
      for (const { value } of records) {
        const decoded = messaging.codec.decode('provider.event', value);
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

async function aPayOut(amount: number): Promise<string> {
  const customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount, currency: 'USD', customer });
  const reply = await client.post('/v1/payouts', { amount, currency: 'USD', customer });
  expect(reply.body).toMatchObject({ status: 'in_transit' });
  return (reply.body as { id: string }).id;
}

const resolve = (by: Client, id: string, outcome = 'paid') =>
  by.post(`/v1/payouts/${id}/resolve`, { outcome, ...REASON });
const toldOf = (id: string) => told.filter(({ paymentId }) => paymentId === id);

test('a small one by one person, whose name and reason are on the log', async () => {
  const id = await aPayOut(SMALL);
  const reply = await resolve(first, id, 'failed');
  expect(reply).toMatchObject({ status: 202, body: { payout: id, outcome: 'failed', status: 'told' } });
  await expect.poll(() => toldOf(id), { timeout: 10_000 }).toHaveLength(1);
  const { operators, operation } = reply.body as { operators: string[]; operation: string };
  const [event] = toldOf(id);
  expect(event).toMatchObject({
    ...{ provider: 'operator', type: 'pay_out_failed', amountMinor: BigInt(SMALL), currency: 'USD' },
    ...{ reasonCode: 'bank_says_so', providerEventId: `${id}:failed:${operators.join('+')}` },
  });
  expect(operation).toBe(factIdOf('operator', event?.providerEventId ?? ''));
});

test('a large one by two, and by nobody twice', async () => {
  const id = await aPayOut(LARGE);
  for (const by of [first, first]) {
    expect((await resolve(by, id)).body).toMatchObject({ status: 'awaiting_approval', operation: null });
  }
  // Who says otherwise agrees to nothing.
  expect((await resolve(second, id, 'failed')).body).toMatchObject({ status: 'awaiting_approval' });
  const replies = await Promise.all([resolve(second, id), resolve(second, id), resolve(first, id)]);
  const answers = replies.map(({ body }) => body as { status: string; operation: string | null });
  const operations = new Set(answers.flatMap(({ operation }) => operation ?? []));
  expect(operations.size).toBe(1);
  await expect.poll(() => toldOf(id), { timeout: 10_000 }).toHaveLength(1);
  expect(toldOf(id)[0]?.providerEventId.split(':').at(-1)?.split('+')).toHaveLength(2);
});

test('none that has ended, none that is nobody’s, and none without a reason', async () => {
  const id = await aPayOut(SMALL);
  await responder.endPayOut(id, 'paid');
  await expect.poll(async () => (await client.get(`/v1/payouts/${id}`)).body).toMatchObject({ status: 'paid' });
  expect(await resolve(first, id)).toMatchObject({ status: 409, body: { code: 'payout_not_in_transit' } });
  expect(
    await resolve(
      first,
      id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
    ),
  ).toMatchObject({ status: 404 });
  const other = await aPayOut(SMALL);
  expect(await first.post(`/v1/payouts/${other}/resolve`, { outcome: 'paid' })).toMatchObject({ status: 400 });
  expect(toldOf(other)).toEqual([]);
});
