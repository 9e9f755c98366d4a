// Shows that statements sent at once still run one after the other, and that a transaction with a failed one leaves nothing.
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from './database.ts';
import { CommitUnknownError, sqlStateOf } from './errors.ts';
import type { Database, Query, Transaction } from './types.ts';

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

const inserting = (number: number): Query => ({ text: 'INSERT INTO numbers (number) VALUES ($1)', values: [number] });

test('a last statement that takes the commit along is committed with what came before it', async () => {
  const before = await stored();
  await database.transaction(async (transaction) => {
    await transaction.execute(inserting(7));
    await transaction.queryAndCommit(inserting(8));
  });
  expect(await stored()).toEqual([...before, 7, 8]);
});

test('a last statement that fails is told itself, and nothing of its transaction stays', async () => {
  const before = await stored();
  const failing = database.transaction(async (transaction) => {
    await transaction.execute(inserting(7));
    await transaction.queryAndCommit(inserting(-1));
  });
  expect(sqlStateOf(await failing.catch((thrown: unknown) => thrown))).toBe(CHECK_VIOLATION);
  expect(await stored()).toEqual(before);
  // The connection is clean: it is the only one.
  await database.transaction((transaction) => transaction.execute(inserting(9)));
  expect(await stored()).toEqual([...before, 9]);
});

test('a connection that is lost before both are answered leaves the commit unknown', async () => {
  const lost = database.transaction((transaction) =>
    transaction.queryAndCommit({ text: 'SELECT pg_terminate_backend(pg_backend_pid())' }),
  );
  await expect(lost).rejects.toBeInstanceOf(CommitUnknownError);
});

test('reads that are sent along with BEGIN run in its transaction, in their order', async () => {
  // In one transaction both see one clock; each alone would see one of its own.
  const clock = { text: 'SELECT now()::text AS now' };
  const clocks = await database.transaction(
    (transaction) =>
      Promise.all([
        transaction.query(clock),
        transaction.query({ text: 'SELECT pg_sleep(0.01)' }),
        transaction.query(clock),
      ]),
    { readsFirst: true },
  );
  expect(clocks[2]).toEqual(clocks[0]);
  const rolledBack = database.transaction(
    async (transaction) => {
      await transaction.query({ text: 'SELECT 1' });
      await transaction.execute(inserting(500));
      throw new Error('given up');
    },
    { readsFirst: true },
  );
  await expect(rolledBack).rejects.toThrow('given up');
  expect(await stored()).not.toContain(500);
});
