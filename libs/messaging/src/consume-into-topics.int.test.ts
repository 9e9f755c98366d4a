// Tries to lose, disorder and block records while transforming: lost replies, refusals, two at work, bytes of every kind.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@paystream/runtime';
import { consumeIntoTopics } from './consume-into-topics.ts';
import { kafkajs } from './kafkajs-patches.ts';
import type { Copying, Pair } from './testing/copying.ts';
import { copyTo, createCopying } from './testing/copying.ts';
import { API } from './testing/fault-proxy.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, records, texts } from './testing/scratch-topics.ts';
import type { IncomingRecord } from './types.ts';

let copying: Copying;
let topics: ScratchTopics;
beforeAll(() => {
  copying = createCopying();
  ({ topics } = copying);
});
afterAll(() => copying.close());

/** In each partition the first record of each kind is there, in the input's order; all else repeats one of them. */
async function expectFirstsInOrder(names: Pair): Promise<void> {
  const { asked, firsts } = await copying.textsOf(names);
  expect(firsts).toEqual(asked);
}

describe('transforming', () => {
  it('copies every record once, in order, and goes on after a batch without output', async () => {
    const names = await copying.pair(2, (input) => [...records(input, 0, 500, 'a'), ...records(input, 1, 500, 'b')]);
    const consumer = await consumeIntoTopics(topics.context, {
      ...names,
      topics: [names.input],
      recordsPerSendMax: 100,
      // Nothing at all for a fifth of the parts: only the offset moves.
      transform: (batch) =>
        Promise.resolve(
          batch.records.some(({ value }) => value?.toString().endsWith('-150'))
            ? []
            : batch.records.map((record) => ({ ...record, topic: names.output })),
        ),
    });
    await copying.untilRead(names);
    await consumer.stop();
    const expected = ['a', 'b'].flatMap((name) =>
      [...Array(500).keys()].filter((n) => n < 100 || n >= 200).map((n) => `${name}-${n}`),
    );
    expect(texts(await topics.readAll(names.output))).toEqual(expected);
  });

  it('sends what both partitions of a fetch have become in one request', async () => {
    const names = await copying.pair(2, (input) => [aRecord(input, 0, 'a'), aRecord(input, 1, 'b')]);
    const { proxy, context } = await copying.throughProxy();
    const consumer = await consumeIntoTopics(context, {
      ...names,
      topics: [names.input],
      transform: copyTo(names.output),
    });
    await copying.untilWritten(names);
    await consumer.stop();
    expect(proxy.count(API.produce)).toBe(1);
  });

  it('leaves nothing of what it has done to its successor when it stops in order', async () => {
    const names = await copying.pair(2, (input) => [...records(input, 0, 400, 'a'), ...records(input, 1, 400, 'b')]);
    const options = { ...names, topics: [names.input], recordsPerSendMax: 5 };
    const copy = copyTo(names.output);
    const isHalfDone = Promise.withResolvers<void>();
    let parts = 0;
    const first = await consumeIntoTopics(topics.context, {
      ...options,
      transform: (batch) => {
        if (++parts <= 80) return copy(batch);
        isHalfDone.resolve();
        throw new Error('the rest is for the successor');
      },
    });
    await isHalfDone.promise;
    await first.stop();
    const second = await consumeIntoTopics(topics.context, { ...options, transform: copy });
    await copying.untilWritten(names);
    await second.stop();
    expect(texts(await topics.readAll(names.output))).toEqual(texts(await topics.readAll(names.input)));
  });

  it('stops at once although a transform waits', async () => {
    const names = await copying.pair(1, (input) => records(input, 0, 3));
    const begun = Promise.withResolvers<void>();
    const consumer = await consumeIntoTopics(topics.context, {
      ...names,
      topics: [names.input],
      transform: async ({ signal }) => {
        begun.resolve();
        await once(signal, 'abort');
        throw new Error('ended');
      },
    });
    await begun.promise;
    const stoppedAtMs = performance.now();
    await consumer.stop();
    expect(performance.now() - stoppedAtMs).toBeLessThan(2_000);
  });

  it('moves no offset before the records are acknowledged', async () => {
    const names = await copying.pair(2, (input) => [...records(input, 0, 10, 'a'), ...records(input, 1, 10, 'b')]);
    const { proxy, context } = await copying.throughProxy();
    const sends = proxy.hold(API.produce);
    const consumer = await consumeIntoTopics(context, {
      ...names,
      topics: [names.input],
      transform: copyTo(names.output),
    });
    await sends.held;
    // Longer than the time after which offsets are committed: what must not happen is given its time.
    await wait(2_000);
    const { admin, names: real } = topics.context;
    expect(await admin.committed(real.group(names.groupId), real.topic(names.input))).toEqual([null, null]);
    expect(proxy.count(API.offsetCommit)).toBe(0);
    sends.release();
    await copying.untilRead(names);
    await consumer.stop();
    await expectFirstsInOrder(names);
  });

  it.each([
    ['Produce', API.produce],
    ['InitProducerId', API.initProducerId],
    ['OffsetCommit', API.offsetCommit],
  ])('loses and disorders nothing when replies to %s are lost', async (_name, api) => {
    const names = await copying.pair(2, (input) => [...records(input, 0, 300, 'a'), ...records(input, 1, 300, 'b')]);
    const { proxy, context } = await copying.throughProxy();
    proxy.dropReplies(api, 2);
    const consumer = await consumeIntoTopics(context, {
      ...names,
      topics: [names.input],
      recordsPerSendMax: 50,
      transform: copyTo(names.output),
    });
    await copying.untilRead(names);
    await consumer.stop();
    // Two that were under way together are lost with one connection.
    expect(proxy.dropped()).toBeGreaterThan(0);
    await expectFirstsInOrder(names);
  });

  it('sends a part that the broker refused again before anything that follows it', async () => {
    const names = await copying.pair(1, (input) => records(input, 0, 100));
    const narrow = `${names.output}-narrow`;
    await topics.create({ [narrow]: 1 }, { 'max.message.bytes': '1000' });
    let refusals = 3;
    const consumer = await consumeIntoTopics(topics.context, {
      ...names,
      topics: [names.input],
      recordsPerSendMax: 10,
      transform: async (batch) => {
        const copies = await copyTo(names.output)(batch);
        const isRefused = batch.records.some(({ offset }) => offset === 50n) && refusals-- > 0;
        return isRefused ? [...copies, { ...aRecord(narrow, 0, 'large'), value: Buffer.alloc(5_000) }] : copies;
      },
    });
    await copying.untilWritten(names);
    await consumer.stop();
    expect(refusals).toBeLessThan(0);
    await expectFirstsInOrder(names);
  });

  it('keeps the order of the first ones while two write the same', async () => {
    const names = await copying.pair(2, (input) => [
      ...records(input, 0, 2_000, 'a'),
      ...records(input, 1, 2_000, 'b'),
    ]);
    const start = (groupId: string, recordsPerSendMax: number) =>
      consumeIntoTopics(topics.context, {
        groupId,
        topics: [names.input],
        recordsPerSendMax,
        transform: copyTo(names.output),
      });
    const both = await Promise.all([start(`${names.groupId}-1`, 7), start(`${names.groupId}-2`, 11)]);
    await waitFor(async () => (await topics.readAll(names.output)).length === 8_000, {
      what: 'both to have written everything',
      deadlineMs: 30_000,
    });
    await Promise.all(both.map((consumer) => consumer.stop()));
    await expectFirstsInOrder(names);
  });

  it.each(['TypeError', 'RangeError', 'null', 'not retriable'])(
    'goes on after the transform throws: %s',
    async (what) => {
      const names = await copying.pair(1, (input) => records(input, 0, 3));
      const thrown = {
        TypeError: new TypeError('a programming error'),
        RangeError: new RangeError('of the kind an empty value causes'),
        null: null,
        'not retriable': Object.assign(new Error('no'), { retriable: false }),
      }[what];
      let throws = 3;
      const consumer = await consumeIntoTopics(topics.context, {
        ...names,
        topics: [names.input],
        transform: (batch) => {
          // Whatever is thrown: that is what is tested.
          // oxlint-disable-next-line typescript/only-throw-error
          if (throws-- > 0) throw thrown;
          return copyTo(names.output)(batch);
        },
      });
      await copying.untilWritten(names);
      await consumer.stop();
      expect(topics.fatalErrors).toEqual([]);
      expect(texts(await topics.readAll(names.output))).toEqual(['record-0', 'record-1', 'record-2']);
    },
  );

  it('rests only the partition that fails, and resumes it within half a second', async () => {
    const names = await copying.pair(2, (input) => [aRecord(input, 0, 'bad'), aRecord(input, 1, 'good')]);
    let mended = false;
    let failures = 0;
    const consumer = await consumeIntoTopics(topics.context, {
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
    await copying.publish([aRecord(names.input, 1, 'good too')]);
    await waitFor(async () => (await topics.readAll(names.output)).length === 2, {
      what: 'the other partition',
      deadlineMs: 1_000,
    });
    mended = true;
    await copying.untilWritten(names, 2_500);
    await consumer.stop();
  });

  it('writes what is more than one request holds', async () => {
    const names = await copying.pair(1, (input) => records(input, 0, 600));
    const consumer = await consumeIntoTopics(topics.context, {
      ...names,
      topics: [names.input],
      // A fetched batch that grows fiftyfold when it is encoded again.
      transform: (batch) =>
        Promise.resolve(
          batch.records.map((record) => ({
            ...record,
            topic: names.output,
            value: Buffer.concat([record.value ?? Buffer.alloc(0), Buffer.alloc(5_000)]),
          })),
        ),
    });
    await copying.untilWritten(names);
    await consumer.stop();
    const found = texts(await topics.readAll(names.output)).map((text) => text.replaceAll('\0', ''));
    expect(found).toEqual(texts(await topics.readAll(names.input)));
  });

  it('reads what another client compressed with zstd or gzip', async () => {
    const names = await copying.pair(1, () => []);
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
    const consumer = await consumeIntoTopics(topics.context, {
      ...names,
      topics: [names.input],
      transform: copyTo(names.output),
    });
    await copying.untilWritten(names);
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
    const names = await copying.pair(1, (input) => [
      aRecord(input, 0, 'good'),
      ...odd.map((value) => ({ ...aRecord(input, 0, 'odd'), value })),
      { ...aRecord(input, 0, 'none'), value: null, key: null },
      aRecord(input, 0, 'good again'),
    ]);
    const seen: IncomingRecord[] = [];
    const consumer = await consumeIntoTopics(topics.context, {
      ...names,
      topics: [names.input],
      transform: (batch) => {
        seen.push(...batch.records);
        return copyTo(names.output)(batch);
      },
    });
    await copying.untilRead(names);
    await consumer.stop();
    expect(seen.map(({ value }) => value)).toEqual([Buffer.from('good'), ...odd, null, Buffer.from('good again')]);
    expect((await topics.readAll(names.output)).map(({ value }) => value)).toEqual(seen.map(({ value }) => value));
  });
});
