// An accepted operation of which a record is a dead letter: shown, told, counted and logged at once, and only until it is final.
import type { Follower, IncomingRecord, Publisher } from '@paystream/messaging';
import { deadLetter } from '@paystream/messaging';
import { aPaymentSettled } from '@paystream/testkit';
import type { PaymentProgressed } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../app.ts';
import { newId } from '@paystream/payments';
import type { Client } from '../testing/client.ts';
import { createClient } from '../testing/client.ts';
import { toRecord } from '../testing/responder.ts';
import type { GatewayHarness } from '../testing/test-gateway.ts';
import { createHarness } from '../testing/test-gateway.ts';

let harness: GatewayHarness;
let gateway: Gateway;
let operators: Gateway['operatorServer'];
let operatorKey: string;
let client: Client;
let customer: string;
let publisher: Publisher;
let follower: Follower;
const progressed: PaymentProgressed[] = [];
const requested: IncomingRecord[] = [];

beforeAll(async () => {
  harness = await createHarness();
  gateway = await harness.start();
  await harness.start();
  operators = gateway.operatorServer;
  operatorKey = await harness.createOperator();
  client = createClient(gateway, (await harness.createMerchant()).apiKey);
  customer = await client.createCustomer();
  const { messaging } = harness.test;
  publisher = messaging.createPublisher();
  follower = await messaging.follow({
    topics: ['payment.requested', 'payment.progressed'],
    from: 'earliest',
    onRecords: async (records) => {
      if (records[0]?.topic === 'payment.requested') return void requested.push(...records);
      await messaging.codec.prepare('payment.progressed', records);
      for (const { value } of records) {
        const decoded = messaging.codec.decode('payment.progressed', value);
        if (decoded.ok) progressed.push(decoded.value);
      }
    },
  });
});

afterAll(async () => {
  await follower.stop();
  await publisher.close();
  await harness.close();
});

interface Shown {
  id: string;
  status: string;
}

async function pay(prefer = 'wait=0'): Promise<Shown> {
  const reply = await client.post('/v1/payments', { amount: 1_099, currency: 'USD', customer }, { prefer });
  return reply.body as Shown; // what the OpenAPI document promises of a payment
}

/** Puts the operation's record aside as its reader would, whatever its bytes are. */
async function putAside(id: string, reader: 'processor' | 'accounts', value?: Buffer): Promise<void> {
  const find = () => requested.find(({ headers }) => headers['ce_subject']?.toString() === id);
  await expect.poll(find, { timeout: 10_000 }).toBeDefined();
  const topic = reader === 'processor' ? 'payment.requested' : 'payment.processed';
  const record = { ...(find() ?? ({} as IncomingRecord)), topic, ...(value === undefined ? {} : { value }) };
  const reason = { reader, class: 'business' as const, reason: 'unlawful', consumerVersion: 'test' };
  await publisher.publish([deadLetter(record, reason)]);
}

const shown = async (id: string) => (await client.get(`/v1/payments/${id}`)).body;

test.each(['processor', 'accounts'] as const)('put aside by %s it is parked', async (reader) => {
  const { id, status } = await pay();
  expect(status).toBe('requested');
  await putAside(id, reader, reader === 'accounts' ? Buffer.from('garbage') : undefined);
  await expect.poll(() => shown(id), { timeout: 10_000 }).toMatchObject({ id, status: 'parked', failure: null });

  const told = progressed.filter((each) => each.operationId === id);
  expect(told[0]).toMatchObject({ operation: 'pay', status: 'parked', sourceOffset: null, amountMinor: 1_099n });
  const lines = harness.logLines.filter((line) => line.includes(id));
  // Of two gateways one.
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { operationId: id, reason: 'unlawful', msg: 'an accepted operation is parked' },
  ]);
  const reply = await operators.inject({
    method: 'GET',
    url: `/v1/operations/${id}`,
    headers: { authorization: `Bearer ${operatorKey}` },
  });
  expect(JSON.parse(reply.body)).toMatchObject({ status: 'parked' });
});

test('who waits for it hears it at once', async () => {
  const waiting = pay('wait=30');
  await expect.poll(() => requested.length, { timeout: 10_000 }).toBeGreaterThan(2);
  const { headers } = requested.at(-1) ?? ({} as IncomingRecord);
  await putAside(headers['ce_subject']?.toString() ?? '', 'accounts');
  expect(await waiting).toMatchObject({ status: 'parked' });
});

test('what is final is not parked, and a dead letter of nobody’s is passed over', async () => {
  const { id } = await pay();
  const record = requested[0] ?? ({} as IncomingRecord);
  const stranger = { ...record, topic: 'payment.processed', headers: { ce_subject: Buffer.from(newId('pay')) } };
  const reason = { reader: 'accounts', class: 'business' as const, reason: 'unlawful', consumerVersion: 'test' };
  await publisher.publish([deadLetter(stranger, reason)]);
  await putAside(id, 'accounts');
  await expect.poll(() => shown(id), { timeout: 10_000 }).toMatchObject({ status: 'parked' });
  const settled = aPaymentSettled({ operationId: id, paymentId: id, customerId: customer, amountMinor: 1_099n });
  await publisher.publish([toRecord(harness.test.messaging, settled, 0)]);
  await expect.poll(() => shown(id), { timeout: 10_000 }).toMatchObject({ status: 'succeeded' });
});
