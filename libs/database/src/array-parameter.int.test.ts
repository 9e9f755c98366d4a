// Shows that arrays arrive in PostgreSQL element for element as they were, whatever is in them.
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from './database.ts';
import type { Database } from './types.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'test', level: 'error' });
  database = createDatabase({ url: testDatabase.url, name: 'test', logger, poolSizeMax: 1 });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const texts = [
  '',
  ' ',
  'NULL',
  'null',
  ',',
  '{}',
  '"',
  '\\',
  '\\"',
  'a"b\\c',
  "it's",
  'línea\n',
  '€ 😀',
  '\u0001',
  null,
];

test.each([
  ['text', texts],
  ['varchar', []],
  ['uuid', [null]],
  ['bigint', [0n, -1n, 2n ** 62n, null]],
  ['int', [1, -1, null]],
  ['float8', [0.5, -1e300, Number.NaN, Number.POSITIVE_INFINITY]],
  ['boolean', [true, false, null]],
  ['timestamptz', [new Date(0), null]],
  ['bytea', [Buffer.from([0, 34, 92]), Buffer.alloc(0)]],
])('arrays of %s', async (type, items) => {
  const rows = await database.query<{ item: unknown }>({
    text: `SELECT item FROM unnest($1::${type}[]) WITH ORDINALITY AS given(item, at) ORDER BY at`,
    values: [items],
  });
  expect(rows.map(({ item }) => item)).toEqual(items);
});
