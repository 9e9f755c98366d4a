// Tries to lose and double records while publishing: lost replies, refused partitions, connections that are half open.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher } from './publisher.ts';
import type { FaultProxy } from './testing/fault-proxy.ts';
import { API, startFaultProxy } from './testing/fault-proxy.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, records, texts } from './testing/scratch-topics.ts';
import { testServices } from '@paystream/testkit';
import { DeadlineError, PublisherBusyError } from './errors.ts';

let topics: ScratchTopics;
const proxies: FaultProxy[] = [];

async function throughProxy(): Promise<{ proxy: FaultProxy; publisher: ReturnType<typeof createPublisher> }> {
  const proxy = await startFaultProxy(testServices().kafkaBrokers);
  proxies.push(proxy);
  return { proxy, publisher: createPublisher(topics.contextWith({ mapAddress: proxy.mapAddress })) };
}

beforeAll(async () => {
  topics = createScratchTopics();
  await topics.create({ placed: 3, lossy: 3, calm: 1, frozen: 1, silent: 1, sized: 2 });
  await topics.create({ narrow: 1 }, { 'max.message.bytes': '1000' });
});
afterAll(async () => {
  await topics.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

describe('publishing', () => {
  it('says where each record lies', async () => {
    const publisher = createPublisher(topics.context);
    const placed = await publisher.publish([
      aRecord('placed', 1, 'a'),
      aRecord('placed', 0, 'b'),
      aRecord('placed', 1, 'c'),
      { ...aRecord('placed', 0, 'd'), partition: null, key: Buffer.from('some key') },
    ]);
    await publisher.close();
    const found = await topics.readAll('placed');
    for (const [index, text] of ['a', 'b', 'c', 'd'].entries()) {
      const record = found.find(({ value }) => value?.toString() === text);
      expect(placed[index]).toEqual({ topic: 'placed', partition: record?.partition, offset: record?.offset });
    }
    expect(found.every(({ headers }) => headers.seen_in?.toString() === 'test')).toBe(true);
  });

  // Stock kafkajs, sending concurrently, lost 40 of 720 acknowledged records under the same fault.
  it('loses no acknowledged record and doubles none when replies are lost under concurrent calls', async () => {
    const { proxy, publisher } = await throughProxy();
    await publisher.publish(records('lossy', 0, 1, 'first'));
    const acknowledged: string[] = [];
    const rejected = new Set<string>();
    const publishUntilDone = async (call: number) => {
      for (let batch = 0; batch < 4; batch++) {
        const names = Array.from({ length: 6 }, (_, index) => `${call}-${batch}-${index}`);
        const list = names.map((name, index) => aRecord('lossy', index % 3, name));
        for (;;) {
          if (batch > 0 && call % 8 === 0) proxy.dropReplies(API.produce, 1);
          try {
            await publisher.publish(list);
            acknowledged.push(...names);
            break;
          } catch {
            for (const name of names) rejected.add(name);
          }
        }
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, call) => publishUntilDone(call)));
    await publisher.close();

    const found = texts(await topics.readAll('lossy')).filter((text) => !text.startsWith('first'));
    expect(proxy.dropped()).toBeGreaterThan(2);
    expect(acknowledged).toHaveLength(32 * 4 * 6);
    expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);
    const doubled = found.filter((name, index) => found.indexOf(name) !== index);
    expect(doubled.filter((name) => !rejected.has(name))).toEqual([]);
  });

  it('does not let a refused partition swallow what is sent to the others afterwards', async () => {
    const publisher = createPublisher(topics.context);
    const tooLarge = { ...aRecord('narrow', 0, 'large'), value: Buffer.alloc(5_000) };
    await expect(publisher.publish([aRecord('calm', 0, 'one'), tooLarge])).rejects.toThrow(
      /MESSAGE_TOO_LARGE|larger than/i,
    );
    await publisher.publish([aRecord('calm', 0, 'two')]);
    await publisher.publish([aRecord('calm', 0, 'three')]);
    await publisher.close();
    expect(texts(await topics.readAll('calm'))).toEqual(['one', 'two', 'three']);
  });

  it('goes on over a new connection when its own is half open', async () => {
    const { proxy, publisher } = await throughProxy();
    await publisher.publish([aRecord('frozen', 0, 'before')]);
    proxy.freeze();
    const frozenAtMs = performance.now();
    await publisher.publish([aRecord('frozen', 0, 'during')]);
    // Stock kafkajs: 21 s, or never with endless retries.
    expect(performance.now() - frozenAtMs).toBeLessThan(8_000);
    await publisher.publish([aRecord('frozen', 0, 'after')]);
    await publisher.close();
    expect(texts(await topics.readAll('frozen'))).toEqual(['before', 'during', 'after']);
  });

  it('gives up at its deadline when no broker answers, and works again when one does', async () => {
    const { proxy, publisher } = await throughProxy();
    await publisher.publish([aRecord('silent', 0, 'before')]);
    const silence = proxy.hold(API.produce);
    const startedMs = performance.now();
    await expect(publisher.publish([aRecord('silent', 0, 'during')])).rejects.toThrow(DeadlineError);
    expect(performance.now() - startedMs).toBeLessThan(11_000);
    silence.release();
    await publisher.publish([aRecord('silent', 0, 'after')]);
    await publisher.close();
    expect(texts(await topics.readAll('silent')).at(-1)).toBe('after');
  });

  it('cuts what is too much for one request, keeping the order', async () => {
    const publisher = createPublisher(topics.context);
    const large = Array.from({ length: 40 }, (_, index) => ({
      ...aRecord('sized', index % 2, `${index}`),
      value: Buffer.concat([Buffer.from(`${index};`), Buffer.alloc(100_000)]),
    }));
    await publisher.publish(large);
    await publisher.close();
    const found = await topics.readAll('sized');
    const numbers = found.map(({ value }) => Number(value?.toString('latin1').split(';')[0]));
    expect(numbers).toEqual(
      [...Array(20).keys()].map((n) => n * 2).concat([...Array(20).keys()].map((n) => n * 2 + 1)),
    );
  });

  it('refuses, before taking it, more than memory should hold', async () => {
    const publisher = createPublisher(topics.context);
    const small = records('calm', 0, 10_000, 'much');
    const calls = Array.from({ length: 7 }, () => publisher.publish(small));
    const results = await Promise.allSettled(calls);
    await publisher.close();
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: expect.any(PublisherBusyError),
    });
  });
});
