// Tries to lose and double what is published from a table: replies that are lost, and an owner that writes until it is fenced.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@paystream/database';
import { CONSUMER_OFFSETS_SQL, OUTGOING_EVENTS_SQL, createDatabase, insertOutgoing } from '@paystream/database';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase, testServices } from '@paystream/testkit';
import { inTransaction } from './applying.ts';
import type { ConsumeOptions } from './consume-into-database.ts';
import { consumeIntoDatabase } from './consume-into-database.ts';
import { openFencedProducer } from './fenced-producer.ts';
import { createPublisher } from './publisher.ts';
import type { FaultProxy } from './testing/fault-proxy.ts';
import { API, startFaultProxy } from './testing/fault-proxy.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, records, texts } from './testing/scratch-topics.ts';
import type { OutgoingRecord } from './types.ts';

let topics: ScratchTopics;
let testDatabase: TestDatabase;
let database: Database;
const proxies: FaultProxy[] = [];

beforeAll(async () => {
  topics = createScratchTopics();
  testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'messaging-test', level: 'silent' });
  database = createDatabase({ url: testDatabase.url, name: 'messaging-test', logger });
  await database.query({ text: `${CONSUMER_OFFSETS_SQL} ${OUTGOING_EVENTS_SQL}` });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
  await topics.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

interface Names {
  input: string;
  output: string;
  groupId: string;
}

async function pair(count: number): Promise<Names> {
  const name = randomUUID().slice(0, 8);
  const names = { input: `${name}-in`, output: `${name}-out`, groupId: `${name}-group` };
  await topics.create({ [names.input]: 1, [names.output]: 1 });
  await publish(records(names.input, 0, count));
  return names;
}

async function publish(list: readonly OutgoingRecord[]): Promise<void> {
  const publisher = createPublisher(topics.context);
  await publisher.publish(list);
  await publisher.close();
}

/** Sends each record on to the output, in many small transactions. */
function copying({ input, output, groupId }: Names): ConsumeOptions {
  return {
    groupId,
    topic: input,
    database,
    publishOutgoing: true,
    commitWaitMs: 0,
    recordsMax: 50,
    outputTopics: [output],
    apply: inTransaction(async (batch, transaction) => {
      const events = batch.records.map((record) => ({
        ...record,
        topic: output,
        sourceOffset: record.offset,
        index: 0,
      }));
      await insertOutgoing(transaction, { inputTopic: input, inputPartition: batch.partition, events });
      return events;
    }),
    applyPoison: (_record, error) => {
      throw new Error('no record here is poison', { cause: error });
    },
  };
}

async function untilPublished({ input, groupId }: Names): Promise<void> {
  const { admin, names } = topics.context;
  await waitFor(
    async () => {
      const committed = await admin.committed(names.group(groupId), names.topic(input));
      const bounds = await admin.bounds(names.topic(input));
      return bounds.every(({ end }, partition) => committed[partition] === end);
    },
    { what: `${groupId} to publish what ${input} caused`, deadlineMs: 30_000 },
  );
}

async function throughProxy() {
  const proxy = await startFaultProxy(testServices().kafkaBrokers);
  proxies.push(proxy);
  return { proxy, context: topics.contextWith({ mapAddress: proxy.mapAddress }) };
}

async function expectEachOnce({ input, output }: Names): Promise<void> {
  expect(texts(await topics.readAll(output))).toEqual(texts(await topics.readAll(input)));
}

describe('publishing from a table', () => {
  it.each([
    ['EndTxn', API.endTxn],
    ['TxnOffsetCommit', API.txnOffsetCommit],
    ['Produce', API.produce],
    ['InitProducerId', API.initProducerId],
  ])('neither loses nor doubles when replies to %s are lost', async (_name, api) => {
    const names = await pair(300);
    const { proxy, context } = await throughProxy();
    proxy.dropReplies(api, 2);
    const consumer = await consumeIntoDatabase(context, copying(names));
    await untilPublished(names);
    await consumer.stop();
    expect(proxy.dropped()).toBe(2);
    await expectEachOnce(names);
  });

  it('does not repeat what the last owner commits after the events were applied and before it is fenced', async () => {
    const names = await pair(10);
    const { proxy, context } = await throughProxy();
    const fence = proxy.hold(API.initProducerId);
    const starting = consumeIntoDatabase(context, copying(names));
    await fence.held;
    // The events are in the table, and the producer is about to fence. Now the last owner's commit arrives.
    const { settings, names: real } = topics.context;
    const last = await openFencedProducer(settings, real.transactionalId(`${names.groupId}-${names.input}-0`));
    await last.transact(
      records(real.topic(names.output), 0, 10).map((record) => ({ ...record, partition: 0 })),
      { group: real.group(names.groupId), topic: real.topic(names.input), partition: 0, next: 10n },
    );
    fence.release();
    const consumer = await starting;
    await publish([aRecord(names.input, 0, 'later')]);
    await untilPublished(names);
    await consumer.stop();
    await last.close();
    await expectEachOnce(names);
  });
});
