// Tells outcomes more than once, in a batch, in two, and in a transaction that is aborted: everything counts once.
import type { Database } from '@paystream/database';
import {
  CONSUMER_OFFSETS_SQL,
  createDatabase,
  insertOutgoing,
  OUTGOING_EVENTS_SQL,
  readOffsets,
} from '@paystream/database';
import type { ConsumeOptions, Publisher } from '@paystream/messaging';
import { inTransaction } from '@paystream/messaging';
import { newId, payableAccountId, toUuid, walletAccountId } from '@paystream/payments';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { aPaymentSettled, createTestDatabase } from '@paystream/testkit';
import type { PaymentSettled } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toRecord } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const TOPIC = 'payment.settled';
/** Longer than any test: a transaction that waits so long to be committed is aborted before. */
const NEVER_MS = 600_000;

let harness: GatewayHarness;
let publisher: Publisher;
let books: TestDatabase;
let booksDatabase: Database;

beforeAll(async () => {
  harness = await createHarness();
  publisher = harness.test.messaging.createPublisher();
  await harness.start();
  books = await createTestDatabase();
  booksDatabase = createDatabase({
    url: books.url,
    name: 'books',
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  await booksDatabase.query({ text: `${CONSUMER_OFFSETS_SQL} ${OUTGOING_EVENTS_SQL}` });
});

afterAll(async () => {
  await publisher.close();
  await harness.close();
  await booksDatabase.close();
  await books.drop();
});

/** A payment that left a wallet and reached the merchant, at this place in the books. */
function paid(ledgerNumber: bigint): PaymentSettled {
  const operationId = newId('pay');
  const customerId = newId('cus');
  const merchantId = newId('mer');
  const state = {
    ...{ currency: 'USD', heldChangeMinor: 0n, heldMinor: 0n, version: ledgerNumber, changed: true },
    ...{ status: 'open', overdraftMinor: 0n },
  };
  const wallet = { accountId: walletAccountId('test', customerId, 'USD'), kind: 'wallet', ownerId: customerId };
  const payable = { accountId: payableAccountId('test', merchantId, 'USD'), kind: 'payable', ownerId: merchantId };
  return aPaymentSettled({
    ...{ operationId, paymentId: operationId, customerId, merchantId, ledgerNumber },
    balances: [
      { ...state, ...wallet, postedChangeMinor: -1_099n, postedMinor: 5_000n, counterpartyId: merchantId },
      { ...state, ...payable, postedChangeMinor: 1_099n, postedMinor: 7_000n, counterpartyId: null },
    ],
  });
}

async function publish(settled: readonly PaymentSettled[]): Promise<void> {
  await publisher.publish(settled.map((each) => toRecord(harness.test.messaging, each, 0)));
}

interface Stored {
  answer: string;
  outcomes: bigint;
  transactions: bigint;
  merchant_transactions: bigint;
  posted_minor: bigint;
  merchant_minor: bigint;
}

async function stored({ operationId, customerId, merchantId }: PaymentSettled): Promise<Stored | undefined> {
  const [row] = await harness.database.query<Stored>({
    text: `SELECT max(answer) AS answer, count(*) AS outcomes,
                  (SELECT count(*) FROM transactions WHERE operation_id = $2) AS transactions,
                  (SELECT count(*) FROM merchant_transactions WHERE operation_id = $2) AS merchant_transactions,
                  (SELECT posted_minor FROM customer_balances WHERE customer_id = $3) AS posted_minor,
                  (SELECT posted_minor FROM merchant_balances WHERE merchant_id = $4) AS merchant_minor
             FROM outcomes WHERE operation_id = $1 HAVING count(*) > 0`,
    values: [toUuid(operationId), operationId, toUuid(customerId ?? ''), toUuid(merchantId)],
  });
  return row;
}

function untilStored(settled: PaymentSettled): Promise<Stored> {
  return waitFor(() => stored(settled), { what: `the outcome of ${settled.operationId}` });
}

const ONCE = {
  outcomes: 1n,
  transactions: 1n,
  merchant_transactions: 1n,
  posted_minor: 5_000n,
  merchant_minor: 7_000n,
};

test('an outcome that is told again, in one batch and in two, counts once, and the first one stays', async () => {
  const first = paid(1n);
  const other: PaymentSettled = { ...first, status: 'failed', paymentStatus: 'failed' };
  await publish([first, other, first]);
  const before = await untilStored(first);
  expect(before).toMatchObject(ONCE);
  expect(JSON.parse(before.answer)).toMatchObject({ status: 'succeeded' });
  const last = paid(2n);
  await publish([other, first, last]);
  await untilStored(last);
  expect(await stored(first)).toEqual(before);
});

test('what a crash of the database takes is read again from the log, with the same bytes', async () => {
  const settled = paid(5n);
  const group = { group: 'gateway-status', topic: TOPIC };
  const offsetBefore = (await readOffsets(harness.database, group)).get(0) ?? 0n;
  await publish([settled]);
  const before = await untilStored(settled);
  await harness.database.transaction(async (transaction) => {
    const lost = [
      `DELETE FROM outcomes WHERE operation_id = '${toUuid(settled.operationId)}'`,
      `DELETE FROM transactions WHERE operation_id = '${settled.operationId}'`,
      `DELETE FROM merchant_transactions WHERE operation_id = '${settled.operationId}'`,
      `DELETE FROM customer_balances WHERE customer_id = '${toUuid(settled.customerId ?? '')}'`,
      `DELETE FROM merchant_balances WHERE merchant_id = '${toUuid(settled.merchantId)}'`,
      `UPDATE consumer_offsets SET next_offset = ${offsetBefore} WHERE group_id = 'gateway-status' AND partition = 0`,
    ];
    for (const text of lost) await transaction.execute({ text });
  });
  await publish([paid(6n)]);
  expect(await untilStored(settled)).toEqual(before);
});

/** Offsets of what subscribers see from here on; undefined while it is nothing. */
async function committedFrom(from: bigint): Promise<bigint[] | undefined> {
  const { messaging } = harness.test;
  const [before = 0n] = await messaging.admin.endOffsets(TOPIC);
  const offsets: bigint[] = [];
  for await (const records of messaging.readRange({ topic: TOPIC, partition: 0, from, before })) {
    offsets.push(...records.map(({ offset }) => offset));
  }
  return offsets.length === 0 ? undefined : offsets;
}

test('an outcome whose transaction is aborted is true at once, and counts once when it comes again', async () => {
  const { messaging } = harness.test;
  const settled = paid(3n);
  const { topic, key, value, headers } = toRecord(messaging, settled, 0);
  let commitWaitMs = NEVER_MS;
  const publishing: ConsumeOptions = {
    ...{ groupId: 'books', topic: 'payment.processed', database: booksDatabase, publishOutgoing: true },
    outputTopics: [TOPIC],
    // Asked for each time a partition is taken over.
    get commitWaitMs() {
      return commitWaitMs;
    },
    apply: inTransaction(async ({ partition, records }, transaction) => {
      const events = records.map(({ offset: sourceOffset }) => ({
        sourceOffset,
        index: 0,
        topic,
        key,
        value,
        headers,
      }));
      await insertOutgoing(transaction, { inputTopic: 'payment.processed', inputPartition: partition, events });
      return events;
    }),
    applyPoison: (_record, error) => {
      throw new Error('no record here is poison', { cause: error });
    },
  };
  const member = await messaging.consumeIntoDatabase(publishing);
  await member.ready;
  const [endBefore = 0n] = await messaging.admin.endOffsets(TOPIC);
  const asked = { topic: 'payment.processed', partition: 0, key, value: Buffer.from('any'), headers: {} };
  await publisher.publish([asked]);
  const before = await untilStored(settled);
  expect(before).toMatchObject(ONCE);
  expect((await messaging.admin.endOffsets(TOPIC))[0]).toBe(endBefore);

  // A second member makes both take their partitions over: what the first has left open is aborted and sent again.
  commitWaitMs = 0;
  const second = await messaging.consumeIntoDatabase(publishing);
  const committed = await waitFor(() => committedFrom(endBefore), {
    what: 'the outcome, committed',
    deadlineMs: 30_000,
  });
  expect(committed).toHaveLength(1);
  expect(committed[0]).toBeGreaterThan(endBefore);
  const last = paid(4n);
  await publish([last]);
  await untilStored(last);
  expect(await stored(settled)).toEqual(before);
  await Promise.all([member.stop(), second.stop()]);
});
