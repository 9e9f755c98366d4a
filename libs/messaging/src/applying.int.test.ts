// What the database's trouble costs: time, and never a record.
import type { Database } from '@paystream/database';
import { CONSUMER_OFFSETS_SQL, createDatabase, moveOffset, readOffset } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Apply } from './applying.ts';
import { createApplier } from './applying.ts';
import type { IncomingRecord } from './types.ts';

const STATEMENT_TIMEOUT_MS = 100;
const logger = createLogger({ name: 'test', level: 'silent' });
let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.url,
    name: 'test',
    logger,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  await database.query({ text: CONSUMER_OFFSETS_SQL });
  await database.execute({ text: 'CREATE TABLE kept (at bigint PRIMARY KEY CHECK (at <> 13))' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const recordsFrom = (from: number, count: number): IncomingRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ topic: 'input', partition: 0, key: null, value: null, headers: {}, timestampMs: 0n },
    offset: BigInt(from + at),
  }));

function applierOf(group: string, apply: Apply) {
  const poison: bigint[] = [];
  const applier = createApplier({
    ...{ database, key: { group, topic: 'input', partition: 0 }, apply },
    applyPoison: () => Promise.resolve(),
    onPoison: ({ offset }) => void poison.push(offset),
    onAfterCommitError: (error) => {
      throw error;
    },
  });
  const stretch = (from: number, count: number) => ({
    batch: {
      ...{ topic: 'input', partition: 0, records: recordsFrom(from, count), highWatermark: 100n },
      signal: new AbortController().signal,
    },
    from: BigInt(from),
    next: BigInt(from + count),
  });
  return { apply: (from: number, count: number) => applier.apply(stretch(from, count)), poison };
}

/** As an app that moves the offset in the statement that saves. */
const keeping: Apply = (batch, move, own) =>
  own.transaction(async (transaction) => {
    await moveOffset(transaction, move);
    await transaction.query({
      text: 'INSERT INTO kept SELECT * FROM unnest($1::bigint[])',
      values: [batch.records.map(({ offset }) => offset)],
    });
    return [];
  });

it('blames no record when another writer holds the offset, however often the statement is cancelled', async () => {
  const { apply, poison } = applierOf('held', keeping);
  await readOffset(database, { group: 'held', topic: 'input', partition: 0 });
  const holder = createDatabase({ url: testDatabase.url, name: 'holder', logger });
  await holder.transaction(async (transaction) => {
    await transaction.query({ text: `SELECT FROM consumer_offsets WHERE group_id = 'held' FOR UPDATE` });
    for (let attempt = 1; attempt <= 5; attempt++) await expect(apply(0, 1)).rejects.toMatchObject({ code: '57014' });
  });
  await holder.close();
  expect(poison).toEqual([]);
  expect(await apply(0, 1)).toMatchObject({ kind: 'applied', offset: 1n });
});

it('applies what comes before a row that a constraint refuses, and waits there', async () => {
  const { apply, poison } = applierOf('refused', keeping);
  await database.execute({ text: 'TRUNCATE kept' });
  const applied = await apply(0, 20).catch(() => undefined);
  expect(applied).toMatchObject({ kind: 'applied', offset: 13n, from: 0n, fault: { code: '23514' } });
  await expect(apply(13, 7)).rejects.toMatchObject({ code: '23514' });
  expect(poison).toEqual([]);
  expect(await readOffset(database, { group: 'refused', topic: 'input', partition: 0 })).toBe(13n);

  await database.execute({ text: 'ALTER TABLE kept DROP CONSTRAINT kept_at_check' });
  expect(await apply(13, 7)).toMatchObject({ kind: 'applied', offset: 20n });
});

it('puts aside the one record whose value no column holds', async () => {
  const { apply, poison } = applierOf('unstorable', (batch, move, own) =>
    own.transaction(async (transaction) => {
      await moveOffset(transaction, move);
      const texts = batch.records.map(({ offset }) => (offset === 3n ? 'a\u0000' : 'a'));
      await transaction.query({ text: 'SELECT unnest($1::text[])', values: [texts] });
      return [];
    }),
  );
  expect(await apply(0, 8)).toMatchObject({ kind: 'applied', offset: 8n });
  expect(poison).toEqual([3n]);
});
