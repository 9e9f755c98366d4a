// Feeds the status consumer what should not be on its topic, and the same record twice.
import { newId, toUuid, walletAccountId } from '@paystream/payments';
import { waitFor } from '@paystream/runtime';
import { aPaymentSettled } from '@paystream/testkit';
import type { PaymentSettled } from '@paystream/topics';
import type { Publisher } from '@paystream/messaging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toRecord } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let publisher: Publisher;

beforeAll(async () => {
  harness = await createHarness();
  publisher = harness.test.messaging.createPublisher();
  await harness.start();
});

afterAll(async () => {
  await publisher.close();
  await harness.close();
});

function settled(version: bigint, overrides: Partial<PaymentSettled> = {}): PaymentSettled {
  const customerId = overrides.customerId ?? newId('cus');
  const operationId = overrides.operationId ?? newId('pay');
  return aPaymentSettled({
    operationId,
    paymentId: operationId,
    customerId,
    ledgerNumber: version,
    balances: [
      {
        accountId: walletAccountId('test', customerId, 'USD'),
        ...{ kind: 'wallet', ownerId: customerId, currency: 'USD' },
        ...{ postedChangeMinor: -1_099n, heldChangeMinor: 0n, postedMinor: 10_000n - version, heldMinor: 0n, version },
        ...{ changed: true, counterpartyId: null, status: 'open', overdraftMinor: 0n },
      },
    ],
    ...overrides,
  });
}

function answerOf(id: string): Promise<string> {
  return waitFor(
    async () => {
      const [row] = await harness.database.query<{ answer: string }>({
        text: 'SELECT answer FROM outcomes WHERE operation_id = $1',
        values: [toUuid(id)],
      });
      return row?.answer;
    },
    { what: `the outcome of ${id}` },
  );
}

function encode(value: PaymentSettled): Buffer {
  return harness.test.messaging.codec.encode('payment.settled', value);
}

async function publish(value: PaymentSettled): Promise<void> {
  await publisher.publish([toRecord(harness.test.messaging, value, 0)]);
}

test('the first outcome of an operation stays, whatever comes again', async () => {
  const first = settled(1n);
  await publish(first);
  const answer = await answerOf(first.operationId);
  await publish({ ...first, status: 'failed', paymentStatus: 'failed' });
  const last = settled(1n);
  await publish(last);
  await answerOf(last.operationId);
  expect(await answerOf(first.operationId)).toBe(answer);
});

test('an older balance does not overwrite a newer one', async () => {
  const customerId = newId('cus');
  const older = settled(1n, { customerId });
  const newer = settled(2n, { customerId });
  await publish(newer);
  await answerOf(newer.operationId);
  await publish(older);
  await answerOf(older.operationId);
  const rows = await harness.database.query<{ version: bigint; posted_minor: bigint }>({
    text: 'SELECT version, posted_minor FROM customer_balances WHERE customer_id = $1',
    values: [toUuid(customerId)],
  });
  expect(rows).toEqual([{ version: 2n, posted_minor: 9_998n }]);
});

test('what cannot be right is put aside with the reason, and what follows goes on', async () => {
  const good = toRecord(harness.test.messaging, settled(1n), 0);
  const unknownSchema = Buffer.from(good.value ?? []);
  unknownSchema.writeUInt32BE(4_000_000_000, 1);
  const bad: [Buffer | null, string][] = [
    [null, 'poison'],
    [Buffer.alloc(0), 'poison'],
    [Buffer.from('garbage'), 'poison'],
    [(good.value ?? Buffer.alloc(0)).subarray(0, -3), 'poison'],
    [Buffer.concat([good.value ?? Buffer.alloc(0), Buffer.of(0)]), 'poison'],
    [unknownSchema, 'schema'],
    [encode(settled(1n, { operationId: 'pay_1' })), 'permanent'],
    [encode(settled(1n, { status: 'maybe' })), 'permanent'],
    [encode(settled(1n, { settledAt: 2n ** 63n - 1n })), 'permanent'],
  ];
  const last = settled(1n);
  await publisher.publish([...bad.map(([value]) => ({ ...good, value })), toRecord(harness.test.messaging, last, 0)]);
  await answerOf(last.operationId);

  const { messaging } = harness.test;
  const ends = await waitFor(
    async () => {
      const found = await messaging.admin.endOffsets('payment.settled.gateway.dlq');
      return (found[0] ?? 0n) >= BigInt(bad.length) ? found : undefined;
    },
    { what: 'the dead letters' },
  );
  const classes: string[] = [];
  const range = { topic: 'payment.settled.gateway.dlq', partition: 0, from: 0n, before: ends[0] ?? 0n };
  for await (const records of messaging.readRange(range)) {
    for (const { headers, value } of records) {
      classes.push(String(headers['dlq_class']));
      expect(String(headers['dlq_reason'])).not.toBe('');
      expect(bad.some(([sent]) => (sent === null ? value === null : value?.equals(sent)))).toBe(true);
    }
  }
  expect(classes.toSorted()).toEqual(bad.map(([, kind]) => kind).toSorted());
});
