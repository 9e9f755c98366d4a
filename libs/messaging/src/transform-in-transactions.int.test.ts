// Tries to lose, double and block records while transforming: zombies, lost replies, kills, freezes, bytes of every kind.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@paystream/runtime';
import { testServices } from '@paystream/testkit';
import { openFencedProducer } from './fenced-producer.ts';
import { kafkajs } from './kafkajs-patches.ts';
import { createPublisher } from './publisher.ts';
import type { Child, LoopOptions } from './testing/child.ts';
import { startLoop } from './testing/child.ts';
import type { FaultProxy } from './testing/fault-proxy.ts';
import { API, startFaultProxy } from './testing/fault-proxy.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, records, texts } from './testing/scratch-topics.ts';
import type { TransformOptions } from './transform-in-transactions.ts';
import { transformInTransactions } from './transform-in-transactions.ts';
import type { IncomingRecord, OutgoingRecord } from './types.ts';

let topics: ScratchTopics;
const proxies: FaultProxy[] = [];
const children: Child[] = [];

beforeAll(() => {
  topics = createScratchTopics();
});
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop()));
  await topics.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

/** Topics `<name>-in` and `<name>-out`, the input with these records in it. */
async function pair(partitions: number, list: (input: string) => OutgoingRecord[]) {
  const name = randomUUID().slice(0, 8);
  const [input, output, groupId] = [`${name}-in`, `${name}-out`, `${name}-group`];
  await topics.create({ [input]: partitions, [output]: partitions });
  await publish(list(input));
  return { input, output, groupId };
}

async function publish(list: readonly OutgoingRecord[]): Promise<void> {
  const publisher = createPublisher(topics.context);
  await publisher.publish(list);
  await publisher.close();
}

function copyTo(output: string): TransformOptions['transform'] {
  return (batch) => Promise.resolve(batch.records.map((record) => ({ ...record, topic: output })));
}

/** Resolves when the group has nothing left to read. */
async function untilRead({ groupId, input }: { groupId: string; input: string }, deadlineMs = 30_000): Promise<void> {
  const { admin, names } = topics.context;
  await waitFor(
    async () => {
      const committed = await admin.committed(names.group(groupId), names.topic(input));
      const bounds = await admin.bounds(names.topic(input));
      return bounds.every(({ start, end }, partition) => end === start || committed[partition] === end);
    },
    { what: `${groupId} to read ${input}`, deadlineMs },
  );
}

function startChild(options: Omit<LoopOptions, 'topics' | 'loop'>): Child {
  const child = startLoop({ topics, loop: 'transform', ...options });
  children.push(child);
  return child;
}

async function throughProxy() {
  const proxy = await startFaultProxy(testServices().kafkaBrokers);
  proxies.push(proxy);
  return { proxy, context: topics.contextWith({ mapAddress: proxy.mapAddress }) };
}

describe('transforming in transactions', () => {
  it('copies every record once, in order, and goes on after a batch without output', async () => {
    const names = await pair(2, (input) => [...records(input, 0, 500, 'a'), ...records(input, 1, 500, 'b')]);
    const consumer = await transformInTransactions(topics.context, {
      ...names,
      topics: [names.input],
      recordsPerTransactionMax: 100,
      // Nothing at all for a third of the transactions: only the offset moves.
      transform: (batch) =>
        Promise.resolve(
          batch.records.some(({ value }) => value?.toString().endsWith('-150'))
            ? []
            : batch.records.map((record) => ({ ...record, topic: names.output })),
        ),
    });
    await untilRead(names);
    await consumer.stop();
    const expected = ['a', 'b'].flatMap((name) =>
      [...Array(500).keys()].filter((n) => n < 100 || n >= 200).map((n) => `${name}-${n}`),
    );
    expect(texts(await topics.readAll(names.output))).toEqual(expected);
  });

  it('shuts out an earlier producer of the same input', async () => {
    const names = await pair(1, (input) => records(input, 0, 1));
    const { settings } = topics.context;
    const id = `${topics.prefix}zombie`;
    const record = (text: string) => ({
      ...aRecord('', 0, text),
      topic: topics.context.names.topic(names.output),
      partition: 0,
    });
    const zombie = await openFencedProducer(settings, id);
    await zombie.transact([record('while it was alive')], null);
    const owner = await openFencedProducer(settings, id);
    await expect(zombie.transact([record('after it was fenced')], null)).rejects.toMatchObject({ kind: 'fenced' });
    await owner.transact([record('by the owner')], null);
    await owner.close();
    expect(texts(await topics.readAll(names.output))).toEqual(['while it was alive', 'by the owner']);
  });

  it('does not repeat what a zombie commits after the batch was fetched and before the fence', async () => {
    const names = await pair(1, (input) => records(input, 0, 10));
    const { proxy, context } = await throughProxy();
    const fence = proxy.hold(API.initProducerId);
    const starting = transformInTransactions(context, {
      ...names,
      topics: [names.input],
      transform: copyTo(names.output),
    });
    await fence.held;
    // The batch is fetched, its producer is about to fence. Now the last owner's commit arrives.
    const { settings, names: real } = topics.context;
    const zombie = await openFencedProducer(settings, real.transactionalId(`${names.groupId}-${names.input}-0`));
    await zombie.transact(
      records(real.topic(names.output), 0, 10).map((record) => ({ ...record, partition: 0 })),
      { group: real.group(names.groupId), topic: real.topic(names.input), partition: 0, next: 10n },
    );
    fence.release();
    const consumer = await starting;
    await publish([aRecord(names.input, 0, 'later')]);
    await untilRead(names);
    await consumer.stop();
    await zombie.close();
    expect(texts(await topics.readAll(names.output))).toEqual([...texts(await topics.readAll(names.input))]);
  });

  it.each([
    ['EndTxn', API.endTxn],
    ['TxnOffsetCommit', API.txnOffsetCommit],
    ['Produce', API.produce],
    ['InitProducerId', API.initProducerId],
  ])('neither loses nor doubles when replies to %s are lost', async (_name, api) => {
    const names = await pair(1, (input) => records(input, 0, 300));
    const { proxy, context } = await throughProxy();
    proxy.dropReplies(api, 2);
    const consumer = await transformInTransactions(context, {
      ...names,
      topics: [names.input],
      recordsPerTransactionMax: 50,
      transform: copyTo(names.output),
    });
    await untilRead(names);
    await consumer.stop();
    expect(proxy.dropped()).toBe(2);
    expect(texts(await topics.readAll(names.output))).toEqual(texts(await topics.readAll(names.input)));
  });

  it.each(['TypeError', 'RangeError', 'null', 'not retriable'])(
    'goes on after the transform throws: %s',
    async (what) => {
      const names = await pair(1, (input) => records(input, 0, 3));
      const thrown = {
        TypeError: new TypeError('a programming error'),
        RangeError: new RangeError('of the kind an empty value causes'),
        null: null,
        'not retriable': Object.assign(new Error('no'), { retriable: false }),
      }[what];
      let throws = 3;
      const consumer = await transformInTransactions(topics.context, {
        ...names,
        topics: [names.input],
        transform: (batch) => {
          // Whatever is thrown: that is what is tested.
          // oxlint-disable-next-line typescript/only-throw-error
          if (throws-- > 0) throw thrown;
          return copyTo(names.output)(batch);
        },
      });
      await untilRead(names);
      await consumer.stop();
      expect(topics.fatalErrors).toEqual([]);
      expect(texts(await topics.readAll(names.output))).toEqual(['record-0', 'record-1', 'record-2']);
    },
  );

  it('rests only the partition that fails, and resumes it within half a second', async () => {
    const names = await pair(2, (input) => [aRecord(input, 0, 'bad'), aRecord(input, 1, 'good')]);
    let mended = false;
    let failures = 0;
    const consumer = await transformInTransactions(topics.context, {
      ...names,
      topics: [names.input],
      transform: (batch) => {
        if (batch.partition === 0 && !mended) {
          failures++;
          throw new Error('not yet');
        }
        return copyTo(names.output)(batch);
      },
    });
    await waitFor(() => failures >= 3, { what: 'three failures' });
    expect(texts(await topics.readAll(names.output))).toEqual(['good']);
    await publish([aRecord(names.input, 1, 'good too')]);
    await waitFor(async () => (await topics.readAll(names.output)).length === 2, {
      what: 'the other partition',
      deadlineMs: 1_000,
    });
    mended = true;
    const mendedAtMs = performance.now();
    await untilRead(names, 3_000);
    expect(performance.now() - mendedAtMs).toBeLessThan(2_500);
    await consumer.stop();
  });

  it('writes more than one request holds in one transaction', async () => {
    const names = await pair(1, (input) => records(input, 0, 600));
    const consumer = await transformInTransactions(topics.context, {
      ...names,
      topics: [names.input],
      // A fetched batch that grows fiftyfold when it is encoded again.
      transform: (batch) =>
        Promise.resolve(
          batch.records.map((record) => ({ ...record, topic: names.output, value: Buffer.alloc(5_000, 1) })),
        ),
    });
    await untilRead(names);
    await consumer.stop();
    const found = await topics.readAll(names.output);
    expect(found).toHaveLength(600);
    // One marker behind them all: they were one transaction, or a few if fetched so.
    expect((found.at(-1)?.offset ?? 0n) - 599n).toBeLessThan(4n);
  });

  it('reads what another client compressed with zstd or gzip', async () => {
    const names = await pair(1, () => []);
    const kafka = new kafkajs.Kafka({
      brokers: topics.context.settings.brokers.slice(),
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const { ZSTD, GZIP } = kafkajs.CompressionTypes;
    for (const compression of [ZSTD, GZIP]) {
      const messages = records(names.input, 0, 20, `compressed-${compression}`).map(({ key, value }) => ({
        key,
        value,
        partition: 0,
      }));
      await producer.send({ topic: topics.context.names.topic(names.input), compression, messages });
    }
    await producer.disconnect();
    const consumer = await transformInTransactions(topics.context, {
      ...names,
      topics: [names.input],
      transform: copyTo(names.output),
    });
    await untilRead(names);
    await consumer.stop();
    expect(await topics.readAll(names.output)).toHaveLength(40);
  });
});

describe('garbage', () => {
  it('reaches the transform as it is, and blocks nobody', async () => {
    const odd: Buffer[] = [
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.from([0, 0, 0, 0]),
      Buffer.from([9, 9, 9, 9, 9, 9]),
    ];
    const names = await pair(1, (input) => [
      aRecord(input, 0, 'good'),
      ...odd.map((value) => ({ ...aRecord(input, 0, 'odd'), value })),
      { ...aRecord(input, 0, 'none'), value: null, key: null },
      aRecord(input, 0, 'good again'),
    ]);
    const seen: IncomingRecord[] = [];
    const consumer = await transformInTransactions(topics.context, {
      ...names,
      topics: [names.input],
      transform: (batch) => {
        seen.push(...batch.records);
        return copyTo(names.output)(batch);
      },
    });
    await untilRead(names);
    await consumer.stop();
    expect(seen.map(({ value }) => value)).toEqual([Buffer.from('good'), ...odd, null, Buffer.from('good again')]);
    expect((await topics.readAll(names.output)).map(({ value }) => value)).toEqual(seen.map(({ value }) => value));
  });
});

// These wait for the group's timeouts, so they wait together.
describe.concurrent('transforming through a crash', () => {
  it('is back within seconds when its connections are half open', async () => {
    const names = await pair(1, (input) => records(input, 0, 5));
    const { proxy, context } = await throughProxy();
    const consumer = await transformInTransactions(context, {
      ...names,
      topics: [names.input],
      transform: copyTo(names.output),
    });
    await untilRead(names);
    proxy.freeze();
    await publish([aRecord(names.input, 0, 'while frozen')]);
    const frozenAtMs = performance.now();
    await untilRead(names, 25_000);
    // Three connections, one after the other, of 5 s each. Stock kafkajs: 22 s for the first.
    expect(performance.now() - frozenAtMs).toBeLessThan(20_000);
    await consumer.stop();
    expect(texts(await topics.readAll(names.output))).toEqual(texts(await topics.readAll(names.input)));
  });

  it.each(['messaging.records_sent', 'messaging.offset_sent', 'messaging.transaction_committed'])(
    'neither loses nor doubles, and frees its readers, when killed at %s',
    async (faultPoint) => {
      const names = await pair(2, (input) => [...records(input, 0, 200, 'a'), ...records(input, 1, 200, 'b')]);
      const killed = startChild({ ...names, faultPoint, faultSkip: 5 });
      expect(await killed.ended).toBe('SIGKILL');
      const killedAtMs = performance.now();
      startChild(names);
      await untilRead(names);
      // Session timeout 6 s and a rebalance; with a transactional id of its own this takes the transaction timeout.
      expect(performance.now() - killedAtMs).toBeLessThan(13_000);
      expect(texts(await topics.readAll(names.output))).toEqual(texts(await topics.readAll(names.input)));
    },
  );

  it('neither loses nor doubles when one of two members is frozen for nine seconds', async () => {
    const names = await pair(4, () => []);
    const members = [startChild(names), startChild(names)];
    await Promise.all(members.map(({ ready }) => ready));
    const publisher = createPublisher(topics.context);
    let sent = 0;
    const sendSome = async () => {
      await publisher.publish(Array.from({ length: 40 }, () => aRecord(names.input, sent % 4, `${sent++}`)));
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
    await untilRead(names);
    const found = texts(await topics.readAll(names.output));
    expect(found).toHaveLength(sent);
    expect(new Set(found).size).toBe(sent);
  });
});
