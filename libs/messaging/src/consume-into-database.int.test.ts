// Tries to lose and double records between log and database: kills at each step, freezes, poison, stores that do not match.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Transaction } from '@paystream/database';
import {
  CONSUMER_OFFSETS_SQL,
  OUTGOING_EVENTS_SQL,
  createDatabase,
  insertOutgoing,
  readOffsets,
} from '@paystream/database';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase } from '@paystream/testkit';
import type { Stored } from './applying.ts';
import { inTransaction } from './applying.ts';
import type { ConsumeOptions } from './consume-into-database.ts';
import { consumeIntoDatabase } from './consume-into-database.ts';
import { openFencedProducer } from './fenced-producer.ts';
import { createPublisher } from './publisher.ts';
import type { Child, LoopOptions } from './testing/child.ts';
import { startLoop } from './testing/child.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, records, texts } from './testing/scratch-topics.ts';
import type { Batch, IncomingRecord, OutgoingRecord } from './types.ts';

let topics: ScratchTopics;
let testDatabase: TestDatabase;
let database: Database;
const children: Child[] = [];

beforeAll(async () => {
  topics = createScratchTopics();
  testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'messaging-test', level: 'silent' });
  database = createDatabase({ url: testDatabase.url, name: 'messaging-test', logger });
  // No constraint on what is applied: a double application is to be seen, not refused.
  await database.query({
    text: `${CONSUMER_OFFSETS_SQL} ${OUTGOING_EVENTS_SQL} CREATE TABLE applied (input text, partition int, source_offset bigint, id bigserial)`,
  });
});
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop()));
  await database.close();
  await testDatabase.drop();
  await topics.close();
});

interface Names {
  input: string;
  output: string;
  groupId: string;
}

async function pair(partitions: number, list: (input: string) => OutgoingRecord[]): Promise<Names> {
  const name = randomUUID().slice(0, 8);
  const names = { input: `${name}-in`, output: `${name}-out`, groupId: `${name}-group` };
  await topics.create({ [names.input]: partitions, [names.output]: partitions });
  await publish(list(names.input));
  return names;
}

async function publish(list: readonly OutgoingRecord[]): Promise<void> {
  const publisher = createPublisher(topics.context);
  await publisher.publish(list);
  await publisher.close();
}

/** Notes each record in `applied` and sends it on to the output. */
function copying({ input, output, groupId }: Names): ConsumeOptions {
  return {
    groupId,
    topic: input,
    database,
    publishOutgoing: true,
    outputTopics: [output],
    apply: inTransaction((batch, transaction) => copy({ input, output }, batch, transaction)),
    applyPoison: (_record, error) => {
      throw new Error('no record here is poison', { cause: error });
    },
  };
}

async function copy(
  { input, output }: Pick<Names, 'input' | 'output'>,
  { partition, records: batch }: Pick<Batch, 'partition' | 'records'>,
  transaction: Transaction,
): Promise<Stored> {
  await noteApplied(input, partition, batch, transaction);
  const events = batch.map((record) => ({ ...record, topic: output, sourceOffset: record.offset, index: 0 }));
  await insertOutgoing(transaction, { inputTopic: input, inputPartition: partition, events });
  return events;
}

/** Notes each record in `applied`, and that is all: nothing of its own would refuse to note one twice. */
function noting(names: Names): ConsumeOptions {
  return {
    ...copying(names),
    publishOutgoing: false,
    apply: inTransaction(({ partition, records: batch }, transaction) =>
      noteApplied(names.input, partition, batch, transaction),
    ),
  };
}

async function noteApplied(input: string, partition: number, batch: IncomingRecord[], transaction: Transaction) {
  await transaction.execute({
    text: 'INSERT INTO applied SELECT $1, $2, unnest($3::bigint[])',
    values: [input, partition, batch.map(({ offset }) => offset)],
  });
}

async function untilPublished({ input, groupId }: Names, deadlineMs = 30_000): Promise<void> {
  const { admin, names } = topics.context;
  await waitFor(
    async () => {
      const committed = await admin.committed(names.group(groupId), names.topic(input));
      const bounds = await admin.bounds(names.topic(input));
      return bounds.every(({ end }, partition) => end === 0n || committed[partition] === end);
    },
    { what: `${groupId} to publish what ${input} caused`, deadlineMs },
  );
}

async function untilApplied({ input, groupId }: Names, next: bigint): Promise<void> {
  await waitFor(async () => (await readOffsets(database, { group: groupId, topic: input })).get(0) === next, {
    what: `${groupId} to apply ${input} up to ${next}`,
  });
}

async function appliedOffsets({ input }: Names, partition = 0): Promise<bigint[]> {
  const rows = await database.query<{ source_offset: bigint }>({
    text: 'SELECT source_offset FROM applied WHERE input = $1 AND partition = $2 ORDER BY id',
    values: [input, partition],
  });
  return rows.map(({ source_offset }) => source_offset);
}

async function expectEachOnce(names: Names): Promise<void> {
  expect(texts(await topics.readAll(names.output))).toEqual(texts(await topics.readAll(names.input)));
  for (const partition of [0, 1]) {
    const expected = (await topics.readAll(names.input)).filter((record) => record.partition === partition);
    expect(await appliedOffsets(names, partition)).toEqual(expected.map(({ offset }) => offset));
  }
}

async function setOffset({ input, groupId }: Names, next: bigint): Promise<void> {
  await database.query({
    text: `INSERT INTO consumer_offsets VALUES ($1, $2, 0, $3) ON CONFLICT (group_id, topic, partition) DO UPDATE SET next_offset = $3`,
    values: [groupId, input, next],
  });
}

/** Moves the group's offset, as the transaction of a publisher does. */
async function setPublished({ input, groupId }: Names, next: bigint): Promise<void> {
  const { settings, names } = topics.context;
  const producer = await openFencedProducer(settings, names.transactionalId(`${groupId}-${input}-0`));
  await producer.transact([], { group: names.group(groupId), topic: names.topic(input), partition: 0, next });
  await producer.close();
}

function startChild(options: Omit<LoopOptions, 'topics' | 'loop'>): Child {
  const child = startLoop({ topics, loop: 'database', databaseUrl: testDatabase.url, ...options });
  children.push(child);
  return child;
}

describe('consuming into a database', () => {
  it('applies and publishes every record once, in order, and deletes what is published', async () => {
    const names = await pair(2, (input) => [...records(input, 0, 700, 'a'), ...records(input, 1, 700, 'b')]);
    const committed: bigint[] = [];
    const consumer = await consumeIntoDatabase(topics.context, {
      ...copying(names),
      recordsMax: 100,
      afterCommit: (batch) => void committed.push(...batch.records.map(({ offset }) => offset)),
    });
    await untilPublished(names);
    await expectEachOnce(names);
    expect(committed).toHaveLength(1_400);
    const [published] = await topics.readAll(names.output);
    expect(published?.headers.source_topic?.toString()).toBe(names.input);
    expect(published?.headers.source_offset?.toString()).toBe('0');
    await waitFor(
      async () => {
        const rows = await database.query({
          text: 'SELECT 1 FROM outgoing_events WHERE input_topic = $1',
          values: [names.input],
        });
        return rows.length === 0;
      },
      { what: 'published events to be deleted' },
    );
    await consumer.stop();
  });

  it('passes over the markers of transactions, whatever lies between them', async () => {
    const names = await pair(1, () => []);
    const { settings, names: real } = topics.context;
    const producer = await openFencedProducer(settings, `${topics.prefix}${names.input}`);
    // Each batch alone is more than one fetch: a marker and the next batch do not fit together, so the marker comes alone.
    const large = Buffer.alloc(1_000, 1);
    for (let round = 0; round < 5; round++) {
      const list = records(real.topic(names.input), 0, 540, `${round}`);
      await producer.transact(
        list.map((record) => ({ ...record, partition: 0, value: large })),
        null,
      );
    }
    await producer.close();
    const consumer = await consumeIntoDatabase(topics.context, copying(names));
    await waitFor(async () => (await topics.readAll(names.output)).length === 5 * 540, { what: 'all of them' });
    await consumer.stop();
    await expectEachOnce(names);
  });

  it('publishes what was committed and not published, without applying it again', async () => {
    const names = await pair(1, (input) => records(input, 0, 10));
    const batch = { partition: 0, records: await topics.readAll(names.input) };
    await database.transaction((transaction) => copy(names, batch, transaction));
    await setOffset(names, 10n);
    await setPublished(names, 4n);
    const consumer = await consumeIntoDatabase(topics.context, copying(names));
    await untilPublished(names);
    await consumer.stop();
    expect(texts(await topics.readAll(names.output))).toEqual(texts(batch.records.slice(4)));
    expect(await appliedOffsets(names)).toHaveLength(10);
  });

  it('goes back to the database when the group is ahead of it, and forward when it is behind', async () => {
    const names = await pair(1, (input) => records(input, 0, 10));
    await setPublished(names, 7n);
    await setOffset(names, 3n);
    const consumer = await consumeIntoDatabase(topics.context, noting(names));
    await untilApplied(names, 10n);
    await consumer.stop();
    expect(await appliedOffsets(names)).toEqual([3n, 4n, 5n, 6n, 7n, 8n, 9n]);
    await setPublished(names, 0n);
    await publish(records(names.input, 0, 1));
    const again = await consumeIntoDatabase(topics.context, noting(names));
    await untilApplied(names, 11n);
    await again.stop();
    expect(await appliedOffsets(names)).toEqual([3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n]);
  });

  it('puts poison aside alone and applies the others once', async () => {
    const names = await pair(1, (input) => records(input, 0, 100));
    const bad = new Set([5n, 63n, 64n]);
    const aside: bigint[] = [];
    const consumer = await consumeIntoDatabase(topics.context, {
      ...copying(names),
      apply: inTransaction(async (batch, transaction) => {
        const stored = await copy(names, batch, transaction);
        if (batch.records.some(({ offset }) => offset === 5n)) throw new TypeError('a record the code fails on');
        // The database itself refuses the others.
        if (batch.records.some(({ offset }) => bad.has(offset))) await transaction.query({ text: 'SELECT 1 / 0' });
        return stored;
      }),
      applyPoison: (record) => {
        aside.push(record.offset);
        return Promise.resolve();
      },
    });
    await untilPublished(names);
    await consumer.stop();
    expect(aside).toEqual([5n, 63n, 64n]);
    const good = [...Array(100).keys()].map(BigInt).filter((offset) => !bad.has(offset));
    expect(await appliedOffsets(names)).toEqual(good);
    expect(await topics.readAll(names.output)).toHaveLength(97);
  });

  it('tries again, and blames no record, when the database is at fault', async () => {
    const names = await pair(1, (input) => records(input, 0, 10));
    let failures = 0;
    const consumer = await consumeIntoDatabase(topics.context, {
      ...copying(names),
      apply: inTransaction(async (batch, transaction) => {
        const stored = await copy(names, batch, transaction);
        if (failures++ < 2) await transaction.query({ text: 'SELECT pg_terminate_backend(pg_backend_pid())' });
        else if (failures === 4) await transaction.query({ text: 'SELECT 1 FROM no_such_table' });
        return stored;
      }),
    });
    await untilPublished(names);
    await consumer.stop();
    await expectEachOnce(names);
  });

  it('takes a lost offset of the group from the last event published', async () => {
    const names = await pair(1, (input) => records(input, 0, 10));
    const first = await consumeIntoDatabase(topics.context, copying(names));
    await untilPublished(names);
    await first.stop();
    // A group of another name on the same database stands for one whose offsets the broker has forgotten.
    const forgotten = { ...names, groupId: `${names.groupId}-forgotten` };
    await setOffset(forgotten, 10n);
    const second = await consumeIntoDatabase(topics.context, copying(forgotten));
    await publish(records(names.input, 0, 5, 'later'));
    await untilPublished(forgotten);
    await second.stop();
    await expectEachOnce(names);
  });

  it('reads an open transaction when it does not wait for commits, and starts again beyond the last committed record', async () => {
    const names = await pair(1, (input) => records(input, 0, 2));
    const { settings, names: real } = topics.context;
    const producer = await openFencedProducer(settings, `${topics.prefix}${names.input}`);
    const transaction = await producer.begin();
    await transaction.send(records(real.topic(names.input), 0, 3, 'open').map((one) => ({ ...one, partition: 0 })));
    const options = { ...noting(names), isolation: 'uncommitted' as const };
    const first = await consumeIntoDatabase(topics.context, options);
    await untilApplied(names, 5n);
    await first.stop();
    const again = await consumeIntoDatabase(topics.context, options);
    await transaction.commit(null);
    await publish(records(names.input, 0, 1, 'later'));
    await waitFor(async () => (await appliedOffsets(names)).length === 6, { what: 'what came later to be applied' });
    await again.stop();
    await producer.close();
    expect(await appliedOffsets(names)).toEqual([0n, 1n, 2n, 3n, 4n, 6n]);
    expect(topics.fatalErrors).toEqual([]);
  });

  it.each([
    ['has published more than its database has applied', 5n, 8n],
    ['has applied more than the log holds', 50n, null],
  ])('refuses to start when it %s', async (_what, applied, published) => {
    const names = await pair(1, (input) => records(input, 0, 10));
    await setOffset(names, applied);
    if (published !== null) await setPublished(names, published);
    const starting = consumeIntoDatabase(topics.context, copying(names));
    await expect(starting).rejects.toThrow(/rebuild/);
    await expect(starting).rejects.toMatchObject({ kind: 'fatal' });
  });

  it('refuses to start when the offset of the group is gone and the output is ahead of the database', async () => {
    const names = await pair(1, (input) => records(input, 0, 10));
    const first = await consumeIntoDatabase(topics.context, copying(names));
    await untilPublished(names);
    await first.stop();
    const restored = { ...names, groupId: `${names.groupId}-restored` };
    await setOffset(restored, 4n);
    await expect(consumeIntoDatabase(topics.context, copying(restored))).rejects.toThrow(/rebuild/);
    expect(await appliedOffsets(names)).toHaveLength(10);
  });
});

// These wait for the group's timeouts, so they wait together.
describe.concurrent('consuming into a database through a crash', () => {
  it.each([
    'messaging.before_database_commit',
    'messaging.database_committed',
    'messaging.records_sent',
    'messaging.offset_sent',
    'messaging.transaction_committed',
  ])('neither loses nor doubles when killed at %s', async (faultPoint) => {
    const names = await pair(2, (input) => [...records(input, 0, 200, 'a'), ...records(input, 1, 200, 'b')]);
    const killed = startChild({ ...names, faultPoint, faultSkip: 5 });
    expect(await killed.ended).toBe('SIGKILL');
    startChild(names);
    await untilPublished(names);
    await expectEachOnce(names);
  });

  it('neither loses nor doubles when one of two members is frozen for nine seconds', async () => {
    const names = await pair(2, () => []);
    const members = [startChild(names), startChild(names)];
    await Promise.all(members.map(({ ready }) => ready));
    const publisher = createPublisher(topics.context);
    let sent = 0;
    const sendSome = async () => {
      await publisher.publish(Array.from({ length: 40 }, () => aRecord(names.input, sent % 2, `${sent++}`)));
    };
    for (let round = 0; round < 20; round++) await sendSome();
    members[0]?.freeze();
    const frozenAtMs = performance.now();
    while (performance.now() - frozenAtMs < 9_000) {
      await sendSome();
      // A stream of records for as long as the freeze lasts: its length is the subject.
      await wait(100);
    }
    members[0]?.thaw();
    for (let round = 0; round < 20; round++) await sendSome();
    await publisher.close();
    await untilPublished(names);
    await expectEachOnce(names);
  });
});
