// Shows that rows arrive in PostgreSQL value for value as they were, whatever is in them.
import fc from 'fast-check';
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from './database.ts';
import { rowsParameter } from './rows-parameter.ts';
import type { Database } from './types.ts';

let testDatabase: TestDatabase;
let database: Database;

interface Row {
  name: string | null;
  amount: bigint | null;
  count: number | null;
  known: boolean | null;
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'test', level: 'error' });
  database = createDatabase({ url: testDatabase.url, name: 'test', logger, poolSizeMax: 1 });
  await database.execute({
    text: 'CREATE TYPE sample_row AS (name text, amount bigint, count integer, known boolean)',
  });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function sent(rows: readonly Row[]): Promise<Row[]> {
  return database.query<Row>({
    text: `SELECT s.name, s.amount, s.count, s.known
             FROM unnest($1::sample_row[]) WITH ORDINALITY AS s(name, amount, count, known, at) ORDER BY at`,
    values: [rowsParameter(rows.map(({ name, amount, count, known }) => [name, amount, count, known]))],
  });
}

const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'NULL',
    'null',
    ',',
    '()',
    '{}',
    '"',
    '\\',
    '\\"',
    '""',
    "it's",
    'línea\n',
    '€ 😀',
    '\u0001',
  ),
  // PostgreSQL's text has every character but this one.
  fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0')),
);
const row = fc.record<Row>({
  name: fc.option(text),
  amount: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  count: fc.option(fc.integer()),
  known: fc.option(fc.boolean()),
});

test('whatever is in a row arrives as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      expect(await sent(rows)).toEqual(rows);
    }),
    { numRuns: 200 },
  );
});

test('no rows are no rows', async () => {
  expect(await sent([])).toEqual([]);
});
