// Checks what other rooms rely on: types, honest commits, retries, deadlines, lost connections, migrations side by side.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase } from '@paystream/testkit';
import { createDatabase } from './database.ts';
import { CommitUnknownError, classifyError } from './errors.ts';
import { CONSUMER_OFFSETS_SQL, OffsetMovedError, moveOffset, readOffset, readOffsets } from './offsets.ts';
import type { OutgoingEvent } from './outgoing.ts';
import { OUTGOING_EVENTS_SQL, deleteOutgoing, insertOutgoing, readOutgoing } from './outgoing.ts';
import type { Database } from './types.ts';

const STATEMENT_TIMEOUT_MS = 400;
const logger = createLogger({ name: 'database-test', level: 'silent' });

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, name: 'test', logger, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  await database.query({ text: `${CONSUMER_OFFSETS_SQL} ${OUTGOING_EVENTS_SQL}` });
  await database.query({ text: 'CREATE TABLE notes (id bigint PRIMARY KEY, text text NOT NULL)' });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function noteIds(): Promise<bigint[]> {
  return (await database.query<{ id: bigint }>({ text: 'SELECT id FROM notes ORDER BY id' })).map(({ id }) => id);
}
const note = (id: bigint) => ({ text: 'INSERT INTO notes VALUES ($1, $2)', values: [id, 'text'] });

describe('a query', () => {
  it('reads 64-bit integers as bigint, alone and in arrays, and leaves pg itself as it was', async () => {
    const [row] = await database.query({
      text: 'SELECT 9007199254740993::bigint AS one, ARRAY[1, NULL, -9]::bigint[] AS many, 5 AS small',
    });
    expect(row).toEqual({ one: 9007199254740993n, many: [1n, null, -9n], small: 5 });
  });

  it('runs with plans made for its own values, and is cancelled at its deadline', async () => {
    const [setting] = await database.query({ text: 'SHOW plan_cache_mode' });
    expect(setting).toEqual({ plan_cache_mode: 'force_custom_plan' });
    const slow = database.query({ text: 'SELECT pg_sleep(5)' });
    await expect(slow).rejects.toMatchObject({ code: '57014' });
  });
});

describe('a transaction', () => {
  it('is undone when its work throws, and the connection goes on', async () => {
    const failing = database.transaction(async (transaction) => {
      await transaction.query(note(1n));
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    expect(await noteIds()).toEqual([]);
  });

  it('does not pretend to be committed when a statement in it had failed', async () => {
    const pretending = database.transaction(async (transaction) => {
      await transaction.query(note(2n));
      await transaction.query({ text: 'SELECT 1 / 0' }).catch(() => undefined);
    });
    await expect(pretending).rejects.toThrow(/rolled back/);
    expect(await noteIds()).toEqual([]);
  });

  it('says that it does not know when the connection is lost at COMMIT', async () => {
    await database.query({
      text: `CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
             CREATE TABLE deadly (id int);
             CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON deadly DEFERRABLE INITIALLY DEFERRED
               FOR EACH ROW EXECUTE FUNCTION die()`,
    });
    const lost = database.transaction((transaction) => transaction.execute({ text: 'INSERT INTO deadly VALUES (1)' }));
    await expect(lost).rejects.toThrow(CommitUnknownError);
    expect(classifyError(await lost.catch((error: unknown) => error))).toBe('transient');
    expect(await database.query({ text: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
  });

  it('refuses at COMMIT what a deferred constraint refuses, as a constraint', async () => {
    await database.query({
      text: 'CREATE TABLE child (note bigint REFERENCES notes DEFERRABLE INITIALLY DEFERRED)',
    });
    const refused = database.transaction((transaction) =>
      transaction.execute({ text: 'INSERT INTO child VALUES (77)' }),
    );
    await expect(refused).rejects.toMatchObject({ code: '23503' });
    expect(classifyError(await refused.catch((error: unknown) => error))).toBe('constraint');
  });

  it('is tried again after a deadlock, as a whole', async () => {
    await database.query({ text: `INSERT INTO notes VALUES (10, 'a'), (11, 'b')` });
    let runs = 0;
    const bothLocked = Promise.withResolvers<void>();
    let locked = 0;
    const lockBoth = (first: bigint, second: bigint) =>
      database.transactionWithRetry(async (transaction) => {
        runs++;
        await transaction.execute({ text: `SET LOCAL statement_timeout = '5s'` });
        const update = (id: bigint) =>
          transaction.execute({ text: `UPDATE notes SET text = text || 'x' WHERE id = $1`, values: [id] });
        await update(first);
        if (++locked === 2) bothLocked.resolve();
        await bothLocked.promise;
        await update(second);
      });
    await Promise.all([lockBoth(10n, 11n), lockBoth(11n, 10n)]);
    expect(runs).toBeGreaterThan(2);
    const rows = await database.query({ text: 'SELECT text FROM notes WHERE id IN (10, 11) ORDER BY id' });
    expect(rows).toEqual([{ text: 'axx' }, { text: 'bxx' }]);
    await database.query({ text: 'DELETE FROM notes' });
  });
});

it('outlives the loss of every connection', async () => {
  await Promise.all([1, 2, 3].map(() => database.query({ text: 'SELECT pg_sleep(0.05)' })));
  const killer = createDatabase({ url: testDatabase.url, name: 'killer', logger });
  onTestFinished(() => killer.close());
  await killer.query({
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test' AND datname = current_database()`,
  });
  await waitFor(
    () =>
      database.query({ text: 'SELECT 1' }).then(
        () => true,
        () => false,
      ),
    { what: 'a new connection' },
  );
});

it('hears notifications, also after its connection was lost', async () => {
  const heard: string[] = [];
  const stop = await database.listen('bell', (payload) => heard.push(payload));
  await database.query({ text: `NOTIFY bell, 'first'` });
  await waitFor(() => heard.includes('first'), { what: 'the first' });
  await database.query({
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()`,
  });
  await waitFor(
    async () => {
      await database.query({ text: `NOTIFY bell, 'second'` });
      return heard.includes('second');
    },
    { what: 'the second' },
  );
  await stop();
});

describe('migrations', () => {
  it('run once each, in order, by however many processes at once', async () => {
    const folder = migrationFolder({
      '0001_first.sql': 'CREATE TABLE migrated (step int); INSERT INTO migrated VALUES (1);',
      '0002_second.sql': 'SELECT pg_sleep(0.6); INSERT INTO migrated VALUES (2);',
      'README.md': 'not a migration',
    });
    await Promise.all([1, 2, 3, 4].map(() => database.migrate(folder)));
    expect(await database.query({ text: 'SELECT step FROM migrated ORDER BY step' })).toEqual([
      { step: 1 },
      { step: 2 },
    ]);
  });

  it('change nothing when one of them is refused', async () => {
    const own = await createTestDatabase();
    const fresh = createDatabase({ url: own.url, name: 'fresh', logger });
    onTestFinished(async () => {
      await fresh.close();
      await own.drop();
    });
    const folder = migrationFolder({
      '0001_good.sql': 'CREATE TABLE good (id int);',
      '0002_bad.sql': 'CREATE TABLE bad (id nothing);',
    });
    await expect(fresh.migrate(folder)).rejects.toThrow('type "nothing" does not exist');
    expect(await fresh.query({ text: `SELECT to_regclass('good') AS good` })).toEqual([{ good: null }]);
  });
});

describe('offsets', () => {
  const key = { group: 'group', topic: 'topic', partition: 4 };

  it('start at 0, move by compare-and-set, and lock out others meanwhile', async () => {
    expect(await readOffset(database, key)).toBe(0n);
    await database.transaction(async (transaction) => {
      await moveOffset(transaction, { ...key, from: 0n, to: 25n });
      const other = database.transaction((another) => moveOffset(another, { ...key, from: 0n, to: 30n }));
      await expect(other).rejects.toMatchObject({ code: '57014' });
    });
    expect(await readOffset(database, key)).toBe(25n);
    expect(await readOffsets(database, key)).toEqual(new Map([[4, 25n]]));
  });

  it('refuse to move from where they are not', async () => {
    const moving = database.transaction((transaction) => moveOffset(transaction, { ...key, from: 24n, to: 30n }));
    await expect(moving).rejects.toThrow(OffsetMovedError);
    expect(await readOffsets(database, key)).toEqual(new Map([[4, 25n]]));
  });
});

describe('outgoing events', () => {
  const input = { inputTopic: 'in', inputPartition: 2 };
  const event = (sourceOffset: bigint, index: number, more: Partial<OutgoingEvent> = {}): OutgoingEvent => ({
    sourceOffset,
    index,
    topic: 'out',
    key: Buffer.from(`key-${sourceOffset}`),
    value: Buffer.alloc(1_000, index),
    headers: { ce_id: `evt_${sourceOffset}_${index}` },
    ...more,
  });
  const read = (from: bigint, before: bigint, limitBytes = 1_000_000, limitRows = 1_000) =>
    readOutgoing(database, { ...input, from, before, limitBytes, limitRows });

  it('come back byte for byte, in order, whatever is in them', async () => {
    const events = [
      event(1n, 0),
      event(1n, 1, { key: null, value: null }),
      event(2n, 0, { value: Buffer.alloc(0), key: Buffer.from([0, 255, 92]) }),
      event(3n, 0, {
        headers: { raw: Buffer.from([0, 255]), text: 'NUL \u0000 "quoted" \\ ü \ud83d\ude00', empty: '' },
      }),
    ];
    await database.transaction((transaction) => insertOutgoing(transaction, { ...input, events: events.toReversed() }));
    expect(await read(0n, 10n)).toEqual(events);
    expect(await read(2n, 3n)).toEqual([events[2]]);
  });

  it('are read up to a bound of bytes or rows, at least one, and deleted from below', async () => {
    expect(await read(0n, 10n, 1)).toHaveLength(1);
    expect(await read(0n, 10n, 1_001)).toHaveLength(4);
    expect(await read(0n, 10n, 1_000_000, 3)).toHaveLength(3);
    expect(await deleteOutgoing(database, { ...input, before: 3n })).toBe(3);
    expect((await read(0n, 10n)).map(({ sourceOffset }) => sourceOffset)).toEqual([3n]);
  });
});

function migrationFolder(files: Record<string, string>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'paystream migrations '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return pathToFileURL(`${folder}/`);
}
