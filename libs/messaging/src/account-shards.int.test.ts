// Tries to lose and set back states while two publishers believe that they own the same shard.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '@paystream/runtime';
import type { AccountShardsOptions } from './account-shards.ts';
import { publishAccountShards } from './account-shards.ts';
import { testServices } from '@paystream/testkit';
import { API, startFaultProxy } from './testing/fault-proxy.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { createScratchTopics } from './testing/scratch-topics.ts';
import type { Assignment, Consumer } from './types.ts';

let topics: ScratchTopics;
beforeAll(async () => {
  topics = createScratchTopics();
  await topics.create({ state: 2, contested: 1, held: 1 });
});
afterAll(() => topics.close());

/** Stands for the table of marks: account to version, in one shard each. */
function marksOf(topic: string, groupId: string) {
  const marks = new Map<string, { shard: number; version: bigint }>();
  const rows: Pick<AccountShardsOptions, 'read' | 'clear' | 'groupId' | 'ownerTopic'> = {
    groupId,
    ownerTopic: 'input',
    read: (shard, rowsMax) =>
      Promise.resolve(
        [...marks]
          .filter(([, mark]) => mark.shard === shard)
          .slice(0, rowsMax)
          .map(([account, { version }]) => ({
            account,
            version,
            record: {
              topic,
              partition: shard,
              key: Buffer.from(account),
              value: Buffer.from(`${version}`),
              headers: {},
            },
          })),
      ),
    clear: (_shard, published) => {
      for (const { account, version } of published) {
        if ((marks.get(account)?.version ?? 0n) <= version) marks.delete(account);
      }
      return Promise.resolve();
    },
  };
  return { marks, rows };
}

function ownerOf(...shards: number[]): { owner: Consumer; reassign(...next: number[]): void } {
  let assignment: Assignment = { generation: 1, partitions: new Map([['input', shards]]) };
  return {
    owner: {
      ready: Promise.resolve(),
      healthy: () => true,
      assignment: () => assignment,
      stalled: () => [],
      stop: () => Promise.resolve(),
    },
    reassign: (...next) => {
      assignment = { generation: assignment.generation + 1, partitions: new Map([['input', next]]) };
    },
  };
}

it('publishes what is marked in the shards it owns, and takes the marks away', async () => {
  const { marks, rows } = marksOf('state', 'shards');
  for (const account of ['a', 'b', 'c']) marks.set(account, { shard: account === 'c' ? 1 : 0, version: 3n });
  const { owner, reassign } = ownerOf(0);
  const publisher = publishAccountShards(topics.context, { ...rows, owner });
  await waitFor(() => marks.size === 1, { what: 'the marks of shard 0 to be taken away' });
  reassign(0, 1);
  marks.set('a', { shard: 0, version: 4n });
  await waitFor(() => marks.size === 0, { what: 'all marks to be taken away' });
  expect(publisher.healthy()).toBe(true);
  await publisher.stop();
  const published = (await topics.readAll('state')).map(({ key, value, partition }) => `${partition} ${key} ${value}`);
  expect(published.toSorted()).toEqual(['0 a 3', '0 a 4', '0 b 3', '1 c 3']);
});

it('never ends with an older state than the newest, although two publish the same shard', async () => {
  const { marks, rows } = marksOf('contested', 'contested-shards');
  const publishers = [ownerOf(0), ownerOf(0)].map(({ owner }) =>
    publishAccountShards(topics.context, { ...rows, owner, intervalMs: 5 }),
  );
  let version = 0n;
  for (let round = 0; round < 40; round++) {
    version++;
    for (const account of ['a', 'b']) marks.set(account, { shard: 0, version });
    await waitFor(() => marks.size === 0, {
      what: `version ${version} to be published`,
      intervalMs: 2,
      deadlineMs: 20_000,
    });
  }
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  const versions = (await topics.readAll('contested'))
    .filter(({ key }) => key?.toString() === 'a')
    .map(({ value }) => Number(value));
  expect(versions.at(-1)).toBe(40);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});

it('does not let a publisher that was held up publish what it read before another took over', async () => {
  const { marks, rows } = marksOf('held', 'held-shards');
  const proxy = await startFaultProxy(testServices().kafkaBrokers);
  const slow = publishAccountShards(topics.contextWith({ mapAddress: proxy.mapAddress }), {
    ...rows,
    owner: ownerOf(0).owner,
  });
  const publish = async (version: bigint) => {
    marks.set('a', { shard: 0, version });
    await waitFor(() => marks.size === 0, { what: `version ${version} to be published` });
  };
  await publish(1n);
  const holding = proxy.hold(API.produce);
  marks.set('a', { shard: 0, version: 2n });
  await holding.held;
  const successor = publishAccountShards(topics.context, { ...rows, owner: ownerOf(0).owner });
  await publish(3n);
  await successor.stop();
  holding.release();
  await slow.stop();
  await proxy.close();
  expect((await topics.readAll('held')).map(({ value }) => value?.toString())).toEqual(['1', '3']);
});
