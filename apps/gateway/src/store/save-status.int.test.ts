// Stores batches of status side by side: of two writers of one stretch one stores it, and writers of many never block each other.
import { randomUUID } from 'node:crypto';
import type { Database, OffsetMove } from '@paystream/database';
import { createDatabase, OffsetMovedError, readOffset } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MIGRATIONS } from '../app.ts';
import type { StatusRows } from './save-status.ts';
import { saveStatus } from './save-status.ts';

const SILENCE = { channel: 'nobody', payloads: [] };
const WRITERS = 8;
const ROUNDS = 25;

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'test', level: 'silent' });
  database = createDatabase({ url: testDatabase.url, name: 'test', logger, keptPlans: true, poolSizeMax: WRITERS });
  await database.migrate(MIGRATIONS);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function newMove(): Promise<OffsetMove> {
  const key = { group: 'test', topic: randomUUID(), partition: 0 };
  const from = await readOffset(database, key);
  return { ...key, from, to: from + 1n };
}

/** An outcome, and the newest balances of these customers and merchants. */
function rowsOf(uuid: string, customers: readonly string[], merchants: readonly string[], version: bigint): StatusRows {
  const balance = { currency: 'USD', postedMinor: version, heldMinor: 0n, version, updatedAtMicros: 1n };
  return {
    outcomes: [{ uuid, status: 'succeeded', failureCode: null, settledAtMicros: 1n, answer: '{}' }],
    balances: customers.map((customerUuid) => ({ ...balance, customerUuid })),
    transactions: [],
    merchantBalances: merchants.map((merchantUuid) => ({
      ...{ ...balance, merchantUuid, environment: 'test', kind: 'payable' },
    })),
    merchantTransactions: [],
  };
}

async function count(uuids: readonly string[]): Promise<bigint> {
  const [row] = await database.query<{ count: bigint }>({
    text: 'SELECT count(*) FROM outcomes WHERE operation_id = ANY ($1::uuid[])',
    values: [uuids],
  });
  return row?.count ?? 0n;
}

test('of two writers of one stretch one stores it, and the other is told and stores nothing', async () => {
  const move = await newMove();
  const uuids = [randomUUID(), randomUUID()];
  const results = await Promise.allSettled(
    uuids.map((uuid) => saveStatus(database, move, rowsOf(uuid, [], [], 1n), SILENCE)),
  );
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  expect(refused).toEqual([expect.any(OffsetMovedError)]);
  expect(await count(uuids)).toBe(1n);
  expect(await readOffset(database, move)).toBe(move.to);
});

test('writers of the same balances in any order wait for each other and never block', async () => {
  const customers = Array.from({ length: 20 }, () => randomUUID());
  const merchants = Array.from({ length: 20 }, () => randomUUID());
  let version = 0n;
  const write = async (place: number) => {
    const order = <T>(items: readonly T[]) => (place % 2 === 0 ? items : items.toReversed());
    for (let round = 0; round < ROUNDS; round++) {
      const rows = rowsOf(randomUUID(), order(customers), order(merchants), (version += 1n));
      const move = await newMove();
      // As the consumers do: plain payments in one statement, others in a transaction that begins with it.
      if (place % 3 > 0) await saveStatus(database, move, rows, SILENCE);
      else await database.transaction((transaction) => saveStatus(transaction, move, rows, SILENCE));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, place) => write(place)));
  const [row] = await database.query<{ lowest: bigint }>({
    text: `SELECT least((SELECT min(version) FROM customer_balances WHERE customer_id = ANY ($1::uuid[])),
                        (SELECT min(version) FROM merchant_balances WHERE merchant_id = ANY ($2::uuid[]))) AS lowest`,
    values: [customers, merchants],
  });
  expect(row?.lowest).toBe(version);
});
