// Falsifies what merchants, customers and subscribers are shown by a whole running system, and sees each named by the proof.

import { randomUUID } from 'node:crypto';
import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { waitFor } from '@paystream/runtime';
import {
  aCustomerNotification,
  aMerchantUpdated,
  aPaymentProcessed,
  aPaymentRequested,
  aProviderEvent,
  createTestMessaging,
} from '@paystream/testkit';
import type { TestMessaging } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StackFile } from '../context.ts';
import { isProved } from '../prove/describe-proof.ts';
import { runWholeProof } from '../prove/run-proof.ts';
import { WHOLE_SABOTAGES } from '../prove/sabotage.ts';
import { createMerchant } from './testing/merchant.ts';
import type { Pipeline } from './testing/start-pipeline.ts';
import { startPipeline } from './testing/start-pipeline.ts';

let pipeline: Pipeline;
let stack: StackFile;
let log: TestMessaging;
let statuses: unknown[];
let databases: Readonly<Record<'gateway' | 'accounts' | 'notifier', Database>>;

beforeAll(async () => {
  pipeline = await startPipeline({ instances: 1, partitions: 2 });
  stack = await pipeline.stack();
  log = await createTestMessaging({ topicPrefix: stack.kafka_topic_prefix });
  const logger = createLogger({ name: 'test', level: 'error' });
  const open = (url: string): Database => createDatabase({ url, name: 'test', logger, poolSizeMax: 1 });
  const { gateway, accounts, notifier } = stack.databases;
  databases = { gateway: open(gateway), accounts: open(accounts), notifier: open(notifier) };

  const merchant = createMerchant(stack.gateway_url, stack.api_key);
  const customer = await merchant.customerWith(10_000);
  const wait = { prefer: 'wait=30' };
  const held = { amount: 2_000, currency: 'USD', customer, capture_method: 'manual' };
  const payments = [
    await merchant.post('/v1/payments', { amount: 1_099, currency: 'USD', customer }, wait),
    await merchant.post('/v1/payments', { amount: 90_000, currency: 'USD', customer }, wait),
    await merchant.post('/v1/payments', held, wait),
  ];
  const id = payments[2]?.body.id ?? '';
  const captured = await merchant.post(`/v1/payments/${id}/capture`, { amount: 500 }, wait);
  statuses = [...payments, captured].map(({ body }) => body.status);
}, 120_000);

afterAll(async () => {
  await log.close();
  await Promise.all(Object.values(databases).map((database) => database.close()));
  await pipeline.close();
}, 60_000);

const proofOf = async () => (await runWholeProof(stack)).differences;

test('an honest system shows what was settled', async () => {
  expect(statuses).toEqual(['succeeded', 'failed', 'authorized', 'succeeded']);
  expect(await proofOf()).toEqual([]);
});

/** A new id: the gateway puts aside what is no uuid. */
const uuidOf = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;

test('a system at work is accused of nothing, whenever it is looked at', async () => {
  const merchant = createMerchant(stack.gateway_url, stack.api_key);
  const customers = await Promise.all([1, 2, 3, 4].map(() => merchant.customerWith(1_000_000)));
  let isProving = true;
  const load = customers.map(async (customer) => {
    while (isProving) {
      const held = { amount: 100, currency: 'USD', customer, capture_method: 'manual' };
      const wait = { prefer: 'wait=30' };
      const [, { body }] = await Promise.all([
        merchant.post('/v1/payments', { amount: 7, currency: 'USD', customer }, { prefer: 'wait=0' }),
        merchant.post('/v1/payments', held, wait),
      ]);
      await merchant.post(`/v1/payments/${body.id ?? ''}/capture`, { amount: 60 }, { prefer: 'wait=0' });
    }
  });
  const found: unknown[] = [];
  for (let proofs = 0; proofs < 4; proofs += 1) found.push(...(await proofOf()));
  isProving = false;
  await Promise.all(load);
  expect(found).toEqual([]);
}, 120_000);

test.each(WHOLE_SABOTAGES)('a %s is found by its place', async (sabotage) => {
  const result = await runWholeProof(stack, { sabotage });
  expect(result.sabotage).toMatchObject({ sabotage, found: true, differencesBefore: 0 });
  expect(result.differenceCount).toBe(1);
  expect(isProved(result)).toBe(true);
});

type Falsified = readonly [
  what: string,
  database: 'gateway' | 'notifier',
  change: string,
  restore: string,
  difference: object,
];

const inOutcome = `WHERE status = 'succeeded' AND answer LIKE '%"amount":1099,%'`;
const kept = (table: string): readonly [string, string] => [
  `CREATE TABLE kept_rows AS SELECT * FROM ${table}; DELETE FROM ${table}`,
  `INSERT INTO ${table} SELECT * FROM kept_rows ON CONFLICT DO NOTHING; DROP TABLE kept_rows`,
];

const falsified: readonly Falsified[] = [
  [
    'an outcome',
    'gateway',
    `UPDATE outcomes SET status = 'failed' ${inOutcome}`,
    `UPDATE outcomes SET status = 'succeeded' WHERE answer LIKE '%"amount":1099,%'`,
    { kind: 'view_row_wrong', table: 'gateway.outcomes' },
  ],
  [
    'the amount in a frozen answer',
    'gateway',
    `UPDATE outcomes SET answer = replace(answer, '"amount":1099,', '"amount":1098,') ${inOutcome}`,
    `UPDATE outcomes SET answer = replace(answer, '"amount":1098,', '"amount":1099,')`,
    { kind: 'view_row_wrong', table: 'gateway.outcomes' },
  ],
  [
    'a balance',
    'gateway',
    'UPDATE customer_balances SET posted_minor = posted_minor + 1',
    'UPDATE customer_balances SET posted_minor = posted_minor - 1',
    { kind: 'view_row_wrong', table: 'gateway.customer_balances' },
  ],
  [
    'a version that no later balance can beat',
    'gateway',
    `UPDATE merchant_balances SET version = version + 1000`,
    `UPDATE merchant_balances SET version = version - 1000`,
    { kind: 'view_row_wrong', table: 'gateway.merchant_balances' },
  ],
  [
    'a transaction',
    'gateway',
    'UPDATE transactions SET amount_minor = -1098 WHERE amount_minor = -1099',
    'UPDATE transactions SET amount_minor = -1099 WHERE amount_minor = -1098',
    { kind: 'view_row_wrong', table: 'gateway.transactions' },
  ],
  [
    'a merchant’s transaction',
    'gateway',
    'UPDATE merchant_transactions SET fee_minor = fee_minor + 1 WHERE gross_minor = 1099',
    'UPDATE merchant_transactions SET fee_minor = fee_minor - 1 WHERE gross_minor = 1099',
    { kind: 'view_row_wrong', table: 'gateway.merchant_transactions' },
  ],
  [
    'a transaction of nothing',
    'gateway',
    `INSERT INTO transactions SELECT (jsonb_populate_record(transactions, '{"ledger_number": 900000}')).*
       FROM transactions WHERE amount_minor = -1099`,
    'DELETE FROM transactions WHERE ledger_number = 900000',
    { kind: 'view_row_extra', table: 'gateway.transactions' },
  ],
  [
    'the state of a payment',
    'gateway',
    'UPDATE payment_states SET captured_minor = captured_minor + 1',
    'UPDATE payment_states SET captured_minor = captured_minor - 1',
    { kind: 'view_row_wrong', table: 'gateway.payment_states' },
  ],
  [
    'states emptied',
    'gateway',
    ...kept('payment_states'),
    { kind: 'view_row_missing', table: 'gateway.payment_states' },
  ],
  ['e-mails emptied', 'notifier', ...kept('emails'), { kind: 'view_row_missing', table: 'notifier.emails' }],
  [
    'what an e-mail says',
    'notifier',
    'UPDATE emails SET amount_minor = 1098 WHERE amount_minor = 1099',
    'UPDATE emails SET amount_minor = 1099 WHERE amount_minor = 1098',
    { kind: 'view_row_wrong', table: 'notifier.emails' },
  ],
];

test.each(falsified)('%s cannot be falsified', async (_what, name, change, restore, difference) => {
  await databases[name].execute({ text: change });
  const differences = await proofOf();
  await databases[name].execute({ text: restore });
  expect(differences.length).toBeGreaterThan(0);
  for (const found of differences) expect(found).toMatchObject(difference);
});

test('who writes to the log without being asked is named, once for each record', async () => {
  const { codec } = log.messaging;
  const [customer] = await databases.gateway.query<{ id: string; merchant: string }>({
    text: `SELECT 'cus_' || replace(id::text, '-', '') AS id, 'mer_' || replace(merchant_id::text, '-', '') AS merchant
             FROM customers LIMIT 1`,
  });
  const { id: customerId = '', merchant: merchantId = '' } = customer ?? {};
  const order = { customerId, merchantId, operation: 'top_up', amountMinor: 10n ** 8n };
  const sandbox = { type: 'sandbox', methodId: null };
  const [made, asked] = [uuidOf('tu'), uuidOf('tu')];
  const event = aProviderEvent({
    type: 'dispute_opened',
    merchantId,
    customerId,
    paymentId: uuidOf('pay'),
    disputeId: uuidOf('dp'),
  });
  const settings = aMerchantUpdated({ merchantId: uuidOf('mer') });
  const key = Buffer.from(customerId);
  const record = { partition: null, headers: {} };
  const publisher = log.messaging.createPublisher();
  await publisher.publish([
    {
      ...{ ...record, key, topic: 'payment.processed' },
      value: codec.encode(
        'payment.processed',
        aPaymentProcessed({ ...order, operationId: made, paymentId: made, method: sandbox }),
      ),
    },
    {
      ...{ ...record, key, topic: 'payment.requested' },
      value: codec.encode(
        'payment.requested',
        aPaymentRequested({ ...order, operationId: asked, paymentId: asked, method: sandbox }),
      ),
    },
    {
      ...{ ...record, key: Buffer.from(event.providerReference), topic: 'provider.event' },
      value: codec.encode('provider.event', event),
    },
    {
      ...{ ...record, key: Buffer.from(settings.merchantId), topic: 'merchant.updated' },
      value: codec.encode('merchant.updated', settings),
    },
  ]);
  await publisher.close();
  // Each has become money before anybody looks.
  await waitFor(
    async () => {
      const [posted] = await databases.accounts.query<{ count: bigint }>({
        text: `SELECT count(*) FROM operations WHERE operation_id = ANY($1::text[]) OR operation = 'dispute'`,
        values: [[made, asked]],
      });
      return posted?.count === 3n;
    },
    { what: 'the forged records to be decided', deadlineMs: 30_000 },
  );
  const differences = await proofOf();
  expect(differences).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'record_without_origin', topic: 'payment.requested', operationId: asked }),
      expect.objectContaining({ kind: 'record_without_origin', topic: 'payment.processed', operationId: made }),
      expect.objectContaining({ kind: 'record_without_origin', topic: 'provider.event' }),
      expect.objectContaining({ kind: 'record_without_origin', topic: 'merchant.updated' }),
    ]),
  );
  expect(differences.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'record_without_origin'));
});

test('who tells a customer of what never happened is named', async () => {
  const customerId = uuidOf('cus');
  const told = aCustomerNotification({ customerId, notificationId: uuidOf('ntf'), template: 'payment_succeeded' });
  const publisher = log.messaging.createPublisher();
  const value = log.messaging.codec.encode('customer.notification', told);
  const record = { topic: 'customer.notification', partition: null, key: Buffer.from(customerId), headers: {} };
  await publisher.publish([{ ...record, value }]);
  await publisher.close();
  await waitFor(
    async () => {
      const [email] = await databases.notifier.query<{ count: bigint }>({
        text: 'SELECT count(*) FROM emails WHERE notification_id = $1',
        values: [told.notificationId],
      });
      return email?.count === 1n;
    },
    { what: 'the notifier to take it', deadlineMs: 30_000 },
  );
  expect(await proofOf()).toContainEqual(
    expect.objectContaining({ kind: 'record_without_origin', topic: 'customer.notification' }),
  );
});

test('an operation that was accepted and never requested is named', async () => {
  const digits = '5'.repeat(32);
  const insert = `INSERT INTO operations SELECT (jsonb_populate_record(operations, '{"id": "${digits}"}')).*
                    FROM operations WHERE operation = 'pay' LIMIT 1`;
  await databases.gateway.execute({ text: insert });
  const differences = await proofOf();
  await databases.gateway.execute({ text: `DELETE FROM operations WHERE id = '${digits}'` });
  expect(differences).toContainEqual({ kind: 'accepted_not_requested', operationId: `pay_${digits}` });
});

test('a state of an account that the books never had is named, and so is a record nobody can read', async () => {
  const [account] = await databases.accounts.query<{ id: string; version: bigint }>({
    text: `SELECT id, version FROM accounts WHERE id LIKE '%:wallet:%' AND version > 0`,
  });
  const { id = '', version = 0n } = account ?? {};
  const key = Buffer.from(id);
  const value = log.messaging.codec.encode('account.updated', {
    ...{ accountId: id, environment: 'test', kind: 'wallet', ownerId: id.split(':')[2] ?? null, currency: 'USD' },
    ...{ postedMinor: 10n ** 12n, heldMinor: 0n, overdraftMinor: 0n, status: 'open' },
    ...{ version: version + 1_000n, updatedAt: 1_788_256_800_000_000n },
  });
  const publisher = log.messaging.createPublisher();
  const record = { topic: 'account.updated', partition: 0, key, headers: {} };
  await publisher.publish([
    { ...record, value },
    { ...record, value: Buffer.from('x') },
  ]);
  await publisher.close();
  expect(await proofOf()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'record_unreadable', topic: 'account.updated', partition: 0 }),
      expect.objectContaining({ kind: 'view_row_wrong', table: 'account.updated', key: id }),
    ]),
  );
});
