// Proves hand-made books against hand-written topics on the real services, and falsifies copies of them in every way.

import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import type { IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import { aPaymentProcessed, aPaymentSettled, createTestDatabase, createTestMessaging } from '@paystream/testkit';
import { testServices } from '@paystream/testkit';
import type { TestDatabase, TestMessaging } from '@paystream/testkit';
import type { PaymentSettled } from '@paystream/topics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProved } from './describe-proof.ts';
import type { ProofAddresses } from './run-proof.ts';
import { runProof } from './run-proof.ts';
import { SABOTAGES } from './sabotage.ts';

const MERCHANT = `mer_${'a'.repeat(32)}`;
const CUSTOMER = `cus_${'b'.repeat(32)}`;
const PAYMENT = `pay_${'c'.repeat(32)}`;
const TOP_UP = `tu_${'d'.repeat(32)}`;
const DECLINED = `pay_${'e'.repeat(32)}`;
const WALLET = `test:wallet:${CUSTOMER}:USD`;
const PAYABLE = `test:payable:${MERCHANT}:USD`;
/** Everything happens on this partition of two. */
const PARTITION = 1;
const GARBAGE_OFFSET = 4n;

const MIGRATIONS = new URL('../../../accounts/migrations/', import.meta.url);

let testDatabase: TestDatabase;
let log: TestMessaging;
let database: Database;
let stack: ProofAddresses;

beforeAll(async () => {
  [testDatabase, log] = await Promise.all([createTestDatabase(), createTestMessaging({ partitions: 2 })]);
  const logger = createLogger({ name: 'test', level: 'error' });
  database = createDatabase({ url: testDatabase.url, name: 'test', logger, poolSizeMax: 2 });
  await database.migrate(MIGRATIONS);
  const services = testServices();
  stack = {
    kafka_brokers: services.kafkaBrokers,
    kafka_topic_prefix: log.topicPrefix,
    schema_registry_url: services.schemaRegistryUrl,
    databases: { accounts: testDatabase.url },
  };
  await writeLog();
  await writeBooks();
});

afterAll(async () => {
  await log.messaging.admin.deleteTopics();
  await Promise.all([log.close(), database.close()]);
  await testDatabase.drop();
});

const ids = { merchantId: MERCHANT, customerId: CUSTOMER };
const noHold = { heldChangeMinor: 0n, heldMinor: 0n, currency: 'USD', changed: true };
const wallet = {
  ...noHold,
  accountId: WALLET,
  kind: 'wallet',
  ownerId: CUSTOMER,
  counterpartyId: null,
  status: 'open',
  overdraftMinor: 0n,
};
const payable = {
  ...noHold,
  accountId: PAYABLE,
  kind: 'payable',
  ownerId: MERCHANT,
  counterpartyId: CUSTOMER,
  status: 'open',
  overdraftMinor: 0n,
};
const fee = {
  ruleId: 'r',
  ruleVersion: 1n,
  kind: 'processing',
  bearer: 'merchant',
  baseMinor: 1099n,
  percentBps: 290,
  fixedMinor: 30n,
  minMinor: null,
  maxMinor: null,
  refundPolicy: 'keep',
  tier: null,
  amountMinor: 62n,
  currency: 'USD',
};
const failure = {
  code: 'insufficient_funds',
  category: 'payment_method',
  stage: 'authorization',
  advice: 'retry_later',
  ruleId: null,
  ruleVersion: null,
  retryNotBefore: null,
  provider: null,
  providerCode: null,
  networkCode: null,
  networkAdvice: null,
  mappingVersion: null,
};

/** By source offset: a top-up, a payment with a fee, its repetition, a decline, and bytes that are no record. */
const settled: Partial<Record<string, PaymentSettled>> = {
  0: aPaymentSettled({
    ...ids,
    operationId: TOP_UP,
    operation: 'top_up',
    amountMinor: 2000n,
    ledgerNumber: 3n,
    ledgerIndex: 0,
    balances: [
      {
        ...wallet,
        postedChangeMinor: 2000n,
        postedMinor: 2000n,
        version: 1n,
      },
    ],
    sourcePartition: PARTITION,
    sourceOffset: 0n,
  }),
  1: aPaymentSettled({
    ...ids,
    operationId: PAYMENT,
    ledgerNumber: 3n,
    ledgerIndex: 1,
    fees: [fee],
    balances: [
      {
        ...payable,
        postedChangeMinor: 1037n,
        postedMinor: 1037n,
        version: 1n,
      },
      {
        ...wallet,
        postedChangeMinor: -1099n,
        postedMinor: 901n,
        version: 2n,
      },
    ],
    sourcePartition: PARTITION,
    sourceOffset: 1n,
  }),
  3: aPaymentSettled({
    ...ids,
    operationId: DECLINED,
    ledgerNumber: 5n,
    ledgerIndex: 0,
    status: 'failed',
    failure,
    balances: [
      {
        ...wallet,
        changed: false,
        postedChangeMinor: 0n,
        postedMinor: 901n,
        version: 2n,
      },
    ],
    sourcePartition: PARTITION,
    sourceOffset: 3n,
  }),
};

function outcomeOf({ offset, key, value }: IncomingRecord): OutgoingRecord | null {
  const outcome = settled[String(offset)];
  const place = { partition: PARTITION, key };
  if (outcome !== undefined) {
    const bytes = log.messaging.codec.encode('payment.settled', outcome);
    return { ...place, topic: 'payment.settled', value: bytes, headers: {} };
  }
  if (offset !== GARBAGE_OFFSET) return null;
  const headers = { dlq_offset: String(offset), dlq_topic: 'payment.processed' };
  return { ...place, topic: 'payment.processed.accounts.dlq', value, headers };
}

async function writeLog(): Promise<void> {
  const { codec, createPublisher, transformInTransactions, admin } = log.messaging;
  const asked = [
    aPaymentProcessed({
      ...ids,
      operationId: TOP_UP,
      operation: 'top_up',
      amountMinor: 2_000n,
      method: { type: 'sandbox', methodId: null },
    }),
    aPaymentProcessed({ ...ids, operationId: PAYMENT, fees: [fee] }),
    aPaymentProcessed({ ...ids, operationId: PAYMENT, fees: [fee] }),
    aPaymentProcessed({ ...ids, operationId: DECLINED }),
  ].map((value) => codec.encode('payment.processed', value));
  const record = { topic: 'payment.processed', partition: PARTITION, key: Buffer.from(CUSTOMER), headers: {} };
  const publisher = createPublisher();
  await publisher.publish([...asked, Buffer.from('garbage')].map((value) => ({ ...record, value })));
  await publisher.close();

  // Stands in for the accounts app: outcomes and the group's offset in one transaction, as the real one publishes.
  const consumer = await transformInTransactions({
    groupId: 'accounts',
    topics: ['payment.processed'],
    transform: ({ records }) => Promise.resolve(records.flatMap((asked) => outcomeOf(asked) ?? [])),
  });
  await waitFor(async () => (await admin.committedOffsets('accounts', 'payment.processed'))[PARTITION] === 5n, {
    deadlineMs: 30_000,
    intervalMs: 20,
    what: 'the outcomes to be published',
  });
  await consumer.stop();
}

async function writeBooks(): Promise<void> {
  const statements = [
    `INSERT INTO consumer_offsets VALUES ('accounts', 'payment.processed', ${PARTITION}, 5)`,
    `INSERT INTO operations (operation_id, pass, ledger_number, index, source_partition, source_offset, operation, payment_id, outcome, failure_code)
     VALUES ('${TOP_UP}', 1, 3, 0, ${PARTITION}, 0, 'top_up', '${TOP_UP}', 'succeeded', NULL),
            ('${PAYMENT}', 1, 3, 1, ${PARTITION}, 1, 'pay', '${PAYMENT}', 'succeeded', NULL),
            ('${DECLINED}', 1, 5, 0, ${PARTITION}, 3, 'pay', '${DECLINED}', 'failed', 'insufficient_funds')`,
    `INSERT INTO postings (ledger_number, index, line, debit_account, credit_account, currency, amount)
     VALUES (3, 0, 0, 'test:world:USD:p1', '${WALLET}', 'USD', 2000),
            (3, 1, 0, '${WALLET}', '${PAYABLE}', 'USD', 1037),
            (3, 1, 1, '${WALLET}', 'test:fee_income:USD:p1', 'USD', 62)`,
    `INSERT INTO accounts (id, currency, checked, posted, version)
     VALUES ('test:world:USD:p1', 'USD', false, -2000, 1), ('${WALLET}', 'USD', true, 901, 2),
            ('${PAYABLE}', 'USD', true, 1037, 1), ('test:fee_income:USD:p1', 'USD', false, 62, 1)`,
  ];
  for (const text of statements) await database.execute({ text });
}

describe('a proof', () => {
  it('finds no difference between honest books and the log', async () => {
    const result = await runProof(stack);
    expect(result.differences).toEqual([]);
    expect(result).toMatchObject({
      accounts: 4,
      postings: 3,
      operations: 3,
      records: 5,
      repetitions: 1,
      deadLettered: 1,
    });
    expect([...result.cuts]).toEqual([
      [0, 0n],
      [1, 5n],
    ]);
    expect(isProved(result)).toBe(true);
  });

  it.each(SABOTAGES)('finds a %s in a copy, and leaves the books as they were', async (sabotage) => {
    const before = await database.query({ text: 'SELECT * FROM postings ORDER BY 1, 3, 4' });
    const result = await runProof(stack, { sabotage });
    expect(result.sabotage).toMatchObject({ sabotage, found: true });
    expect(isProved(result)).toBe(true);
    expect(await database.query({ text: 'SELECT * FROM postings ORDER BY 1, 3, 4' })).toEqual(before);
    expect((await runProof(stack)).differenceCount).toBe(0);
  });

  it('finds a balance changed in the books themselves', async () => {
    const change = (by: number) =>
      database.execute({ text: `UPDATE accounts SET posted = posted + ${by} WHERE id = '${WALLET}'` });
    await change(1);
    const result = await runProof(stack);
    await change(-1);
    expect(result.differences.map(({ kind }) => kind)).toEqual(['balance_wrong', 'currency_sum_not_zero']);
    expect(isProved(result)).toBe(false);
  });

  it('says that the log stays behind the books instead of calling that a difference', async () => {
    await database.execute({ text: 'UPDATE consumer_offsets SET next_offset = 6' });
    const proof = runProof(stack, { publishDeadlineMs: 200 });
    await expect(proof).rejects.toThrow('has not published what its books hold within 0.2 s, partition 1 (5 of 6)');
    await database.execute({ text: 'UPDATE consumer_offsets SET next_offset = 5' });
  });
});
