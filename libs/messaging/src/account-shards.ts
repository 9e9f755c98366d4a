// Publishes the newest state of what has changed, shard by shard, as often as it is worth it: one fenced publisher per shard.
import { setTimeout as wait } from 'node:timers/promises';
import type { MessagingContext } from './context.ts';
import { messageOf } from './errors.ts';
import type { FencedProducer } from './fenced-producer.ts';
import type { Place } from './take-over.ts';
import { rememberPlaces, takeOver } from './take-over.ts';
import type { Consumer, OutgoingRecord } from './types.ts';

/**
 * A transaction costs broker and client several milliseconds of processor time, so a process begins two a second, however
 * many shards it has. It fences a publisher that was held up: the last record of a key is all that compaction leaves, and
 * may not be an older state.
 */
const INTERVAL_MS_PER_SHARD = 500;
const INTERVAL_MS_MIN = 1_000;
const ROWS_MAX = 2_000;
/** No round has succeeded for this long: not healthy. */
const SILENCE_MS_MAX = 18_000;

/** The newest state of one account, marked as not published yet. */
export interface ShardRow {
  account: string;
  /** Grows with every change of the account. */
  version: bigint;
  record: OutgoingRecord;
}

export interface AccountShardsOptions {
  /** Its transactional ids begin with this. */
  groupId: string;
  /** Who owns partition n of `ownerTopic` publishes shard n: partition n of the topic the records go to. */
  owner: Consumer;
  ownerTopic: string;
  /** Up to `rowsMax` marked rows of the shard as they are now. */
  read: (shard: number, rowsMax: number) => Promise<ShardRow[]>;
  /** Takes the marks away whose version is not above the published one. */
  clear: (shard: number, published: readonly ShardRow[]) => Promise<void>;
  intervalMs?: number;
}

export interface ShardPublisher {
  /** Whether rounds succeed. */
  healthy(): boolean;
  /** Resolves when the round in hand is done and every connection closed. */
  stop(): Promise<void>;
}

/** A reader that keeps each account's highest version has its newest state; versions grow, with jumps. */
export function publishAccountShards(context: MessagingContext, options: AccountShardsOptions): ShardPublisher {
  const { names, addressing, logger } = context;
  const { groupId, owner, ownerTopic, read, clear } = options;
  const stopping = new AbortController();
  const producers = new Map<number, FencedProducer>();
  let generation = 0;
  let succeededAtMs = performance.now();

  const dropAll = () => {
    for (const producer of producers.values()) producer.kill();
    producers.clear();
  };
  const publishShard = async (shard: number): Promise<void> => {
    for (let full = true; full && !stopping.signal.aborted;) {
      let rows = await read(shard, ROWS_MAX);
      if (rows.length === 0) return;
      let producer = producers.get(shard);
      if (producer === undefined) {
        const places = new Map<string, Place>();
        rememberPlaces(places, await addressing.address(rows.map(({ record }) => record)));
        producer = await takeOver(context, names.transactionalId(`${groupId}-shard-${shard}`), [...places.values()]);
        producers.set(shard, producer);
        // What was read before the fence may have been published, and more, by whoever is fenced now.
        rows = await read(shard, ROWS_MAX);
      }
      await producer.transact(await addressing.address(rows.map(({ record }) => record)), null);
      await clear(shard, rows);
      full = rows.length === ROWS_MAX;
    }
  };
  const round = async (): Promise<void> => {
    const assignment = owner.assignment();
    if (assignment.generation !== generation) dropAll();
    generation = assignment.generation;
    const results = await Promise.all(
      (assignment.partitions.get(ownerTopic) ?? []).map((shard) =>
        publishShard(shard).then(
          () => true,
          (error: unknown) => {
            // Its marks are still there: the next round publishes them.
            producers.get(shard)?.kill();
            producers.delete(shard);
            logger.warn(
              { group: groupId, shard, reason: messageOf(error) },
              'a shard was not published and will be again',
            );
            return false;
          },
        ),
      ),
    );
    if (results.every(Boolean)) succeededAtMs = performance.now();
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await round();
      const shards = owner.assignment().partitions.get(ownerTopic)?.length ?? 0;
      const intervalMs = options.intervalMs ?? Math.max(shards * INTERVAL_MS_PER_SHARD, INTERVAL_MS_MIN);
      await wait(intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    healthy: () => performance.now() - succeededAtMs < SILENCE_MS_MAX,
    stop: async () => {
      stopping.abort();
      await running;
      await Promise.all([...producers.values()].map((producer) => producer.close()));
    },
  };
}
