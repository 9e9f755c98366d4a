// Checks that followers and range reads give every committed record, from where they are asked to, and no other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@paystream/runtime';
import { openFencedProducer } from './fenced-producer.ts';
import { follow } from './follow.ts';
import { createPublisher } from './publisher.ts';
import { findLast, readRange } from './read-range.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, records, texts } from './testing/scratch-topics.ts';
import type { IncomingRecord } from './types.ts';

let topics: ScratchTopics;
beforeAll(async () => {
  topics = createScratchTopics();
  await topics.create({ news: 2, silent: 1, torn: 1 });
  await publish(records('news', 0, 1_500, 'old').concat(records('news', 1, 10, 'old')));
});
afterAll(() => topics.close());

async function publish(list: ReturnType<typeof records>): Promise<void> {
  const publisher = createPublisher(topics.context);
  await publisher.publish(list);
  await publisher.close();
}

async function rangeTexts(range: Parameters<typeof readRange>[1]): Promise<string[]> {
  const found: IncomingRecord[] = [];
  for await (const piece of readRange(topics.context, range)) found.push(...piece);
  return texts(found);
}

describe('following', () => {
  it('gives what there is, says so, and goes on with what comes', async () => {
    const seen: IncomingRecord[] = [];
    const follower = await follow(topics.context, {
      topics: ['news', 'silent'],
      from: 'earliest',
      onRecords: (list) => void seen.push(...list),
    });
    await follower.caughtUp;
    expect(seen).toHaveLength(1_510);
    await publish([aRecord('news', 1, 'new'), aRecord('silent', 0, 'spoken')]);
    await waitFor(() => seen.length === 1_512, { what: 'what came' });
    expect(follower.healthy()).toBe(true);
    await follower.stop();
    const first = seen.filter(({ partition, topic }) => topic === 'news' && partition === 0);
    expect(texts(first)).toEqual(Array.from({ length: 1_500 }, (_, index) => `old-${index}`));
  });

  it('begins at the end, or where it is told', async () => {
    const latest: string[] = [];
    const chosen: string[] = [];
    const atEnd = await follow(topics.context, {
      topics: ['news'],
      from: 'latest',
      onRecords: (list) => void latest.push(...texts(list)),
    });
    const inMidst = await follow(topics.context, {
      topics: ['news'],
      from: [
        { topic: 'news', partition: 0, offset: 1_498n },
        { topic: 'news', partition: 1, offset: 9n },
      ],
      onRecords: (list) => void chosen.push(...texts(list)),
    });
    await Promise.all([atEnd.caughtUp, inMidst.caughtUp]);
    await publish([aRecord('news', 0, 'newest')]);
    await waitFor(() => latest.length > 0 && chosen.includes('newest'), { what: 'the newest' });
    await Promise.all([atEnd.stop(), inMidst.stop()]);
    expect(latest).toEqual(['newest']);
    expect(chosen.filter((text) => text.startsWith('old')).toSorted()).toEqual(['old-1498', 'old-1499', 'old-9']);
  });

  it('refuses a topic that does not exist', async () => {
    await expect(
      follow(topics.context, { topics: ['nowhere'], from: 'earliest', onRecords: () => undefined }),
    ).rejects.toThrow(/nowhere/);
  });
});

describe('reading a range', () => {
  it('gives exactly its records', async () => {
    expect(await rangeTexts({ topic: 'news', partition: 0, from: 700n, before: 703n })).toEqual([
      'old-700',
      'old-701',
      'old-702',
    ]);
    expect(await rangeTexts({ topic: 'news', partition: 1, from: 5n, before: 5n })).toEqual([]);
  });

  it('refuses to give less than was asked for', async () => {
    await expect(rangeTexts({ topic: 'news', partition: 1, from: 0n, before: 1_000n })).rejects.toThrow(
      /not up to 1000/,
    );
  });

  it('passes over transactions that were not committed, and finds the last record before their remains', async () => {
    const { settings, names } = topics.context;
    const real = (text: string) => ({ ...aRecord('torn', 0, text), topic: names.topic('torn'), partition: 0 });
    const owner = await openFencedProducer(settings, `${topics.prefix}torn`);
    await owner.transact([real('committed')], null);
    // Not committed: the same id is fenced in the midst of the transaction by an offset nobody may write.
    await owner.transact([real('aborted')], { group: '', topic: '', partition: 0, next: 1n }).catch(() => undefined);
    const successor = await openFencedProducer(settings, `${topics.prefix}torn`);
    await successor.close();
    expect(texts(await topics.readAll('torn'))).toEqual(['committed']);
    const end = (await topics.context.admin.bounds(names.topic('torn')))[0]?.end ?? 0n;
    expect(end).toBeGreaterThan(3n);
    const last = await findLast(topics.context, { topic: 'torn', partition: 0, before: end, matches: () => true });
    expect(last?.value?.toString()).toBe('committed');
  });
});
