// Shows that a large result arrives whole, in order and in pieces, also when several are read side by side.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';
import { createDatabase } from './database.ts';
import { readInChunks } from './read-in-chunks.ts';
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

const numbers = (to: number) => ({
  text: 'SELECT n FROM generate_series(1, $1::bigint) AS n ORDER BY n',
  values: [to],
});

async function countRows(chunks: AsyncIterable<readonly object[]>): Promise<number> {
  let count = 0;
  for await (const chunk of chunks) count += chunk.length;
  return count;
}

async function collect(to: number, chunkRowsMax: number): Promise<{ sizes: number[]; values: bigint[] }> {
  return await database.transaction(async (transaction) => {
    const sizes: number[] = [];
    const values: bigint[] = [];
    for await (const chunk of readInChunks<{ n: bigint }>(transaction, numbers(to), chunkRowsMax)) {
      sizes.push(chunk.length);
      values.push(...chunk.map(({ n }) => n));
    }
    return { sizes, values };
  });
}

describe('readInChunks', () => {
  it.each([
    [0, []],
    [3, [3]],
    [4, [4]],
    [9, [4, 4, 1]],
  ])('gives %d rows in chunks of at most four', async (to, expected) => {
    const { sizes, values } = await collect(to, 4);
    expect(sizes).toEqual(expected);
    expect(values).toEqual(Array.from({ length: to }, (_, index) => BigInt(index + 1)));
  });

  it('reads two results of one transaction side by side', async () => {
    const [first, second] = await database.transaction(async (transaction) => {
      const results = [readInChunks(transaction, numbers(5), 2), readInChunks(transaction, numbers(3), 2)];
      return await Promise.all(results.map(countRows));
    });
    expect([first, second]).toEqual([5, 3]);
  });
});
