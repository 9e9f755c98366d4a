// Shows that statements sent at once still run one after the other, and that a transaction with a failed one leaves nothing.
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from './database.ts';
import { sqlStateOf } from './errors.ts';
import type { Database, Transaction } from './types.ts';

const CHECK_VIOLATION = '23514';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'test', level: 'error' });
  database = createDatabase({ url: testDatabase.url, name: 'test', logger, poolSizeMax: 1, pipelined: true });
  await database.execute({ text: 'CREATE TABLE numbers (at serial, number integer CHECK (number > 0))' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function insertAll(transaction: Transaction, numbers: readonly number[]): Promise<number[]> {
  const insert = (number: number) =>
    transaction.execute({ name: 'insert', text: 'INSERT INTO numbers (number) VALUES ($1)', values: [number] });
  return Promise.all(numbers.map(insert));
}

const stored = async () =>
  (await database.query<{ number: number }>({ text: 'SELECT number FROM numbers ORDER BY at' })).map(
    ({ number }) => number,
  );

test('they run in the order in which they were given', async () => {
  const numbers = Array.from({ length: 100 }, (_, at) => at + 1);
  await database.transaction((transaction) => insertAll(transaction, numbers));
  expect(await stored()).toEqual(numbers);
});

test('the first failure is the one that is told, and nothing of its transaction stays', async () => {
  const before = await stored();
  const failing = database.transaction((transaction) => insertAll(transaction, [1, -1, 2]));
  const error: unknown = await failing.catch((thrown: unknown) => thrown);
  expect(sqlStateOf(error)).toBe(CHECK_VIOLATION);
  expect(await stored()).toEqual(before);
});
