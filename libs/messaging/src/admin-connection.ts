// Owns the one connection that asks the cluster questions; every question has a deadline, and a failed one a new connection.
import { setTimeout as wait } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { ClientSettings } from './client.ts';
import { createClient } from './client.ts';
import { withDeadline } from './deadline.ts';
import { brokerErrorType, toMessagingError } from './errors.ts';

const LEADERLESS_TYPES = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE']);
/** Besides, a broker may not know yet of the topic it has just made. */
const UNKNOWN_YET_TYPES = new Set([...LEADERLESS_TYPES, 'UNKNOWN_TOPIC_OR_PARTITION']);
/** A broker that has just started, or a group's partition that moves: nobody answers for the group yet. */
const COORDINATORLESS_TYPES = new Set([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
]);
const LEADER_ATTEMPTS_MAX = 30;
const LEADER_WAIT_MS = 100;

/** Offsets of one partition: where the log starts, and the offset after the last stable record. */
export interface PartitionBounds {
  start: bigint;
  end: bigint;
}

/** Everything here takes and gives real names. */
export interface AdminConnection {
  /** Number of partitions, or null when there is no such topic. */
  partitionCount(topic: string): Promise<number | null>;
  listTopics(): Promise<string[]>;
  createTopics(topics: ITopicConfig[]): Promise<void>;
  deleteTopics(topics: string[]): Promise<void>;
  /** By partition. The end is that of committed records: an open transaction holds it back. */
  bounds(topic: string): Promise<PartitionBounds[]>;
  /** By partition; null where the group has committed nothing. */
  committed(group: string, topic: string): Promise<(bigint | null)[]>;
  /** Whether a broker answers. */
  answers(deadlineMs: number): Promise<boolean>;
  close(): Promise<void>;
}

interface Connected {
  admin: Admin;
  kill(): void;
}

export function createAdminConnection(settings: ClientSettings): AdminConnection {
  let connected: Promise<Connected> | null = null;
  // One question at a time: kafkajs keeps the metadata of the topic asked for last and answers others from it.
  let last: Promise<unknown> = Promise.resolve();

  const drop = (used: Promise<Connected>) => {
    if (connected === used) connected = null;
    used.then(({ kill }) => kill()).catch(() => undefined);
  };
  const ask = <T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> => {
    const asked = last.then(() => askNow(what, question));
    last = asked.catch(() => undefined);
    return asked;
  };
  const askNow = async <T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> => {
    const used = (connected ??= connect(settings));
    try {
      return await withDeadline(
        used.then(({ admin }) => question(admin)),
        what,
      );
    } catch (error) {
      drop(used);
      throw toMessagingError(error, what);
    }
  };

  return {
    partitionCount: (topic) =>
      ask(`looking up ${topic}`, async (admin) => {
        try {
          const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
          return topics[0]?.partitions.length ?? null;
        } catch (error) {
          if (brokerErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return null;
          throw error;
        }
      }),
    listTopics: () => ask('listing topics', (admin) => admin.listTopics()),
    // Topics that exist are passed over, so that this can be asked again.
    createTopics: (topics) =>
      onceLed(
        () =>
          ask('creating topics', async (admin) => {
            await admin.createTopics({ topics, waitForLeaders: true });
            // Those that were there are not waited for above, though they may have been made a moment ago.
            await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
          }),
        UNKNOWN_YET_TYPES,
      ),
    deleteTopics: (topics) =>
      ask('deleting topics', async (admin) => {
        try {
          await admin.deleteTopics({ topics });
        } catch (error) {
          // kafkajs asks again when a busy broker is slow, and then hears that they are gone.
          if (brokerErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
        }
      }),
    bounds: (topic) =>
      onceLed(() =>
        ask(`reading the bounds of ${topic}`, async (admin) =>
          byPartition(await admin.fetchTopicOffsets(topic), ({ low, high }) => ({
            start: BigInt(low),
            end: BigInt(high),
          })),
        ),
      ),
    committed: (group, topic) =>
      onceLed(
        () =>
          ask(`reading the offsets of ${group}`, async (admin) => {
            const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
            // -1: nothing committed; below that kafkajs' own marks for a reset.
            return byPartition(found?.partitions ?? [], ({ offset }) => (BigInt(offset) < 0n ? null : BigInt(offset)));
          }),
        COORDINATORLESS_TYPES,
      ),
    answers: (deadlineMs) => answers(settings, deadlineMs),
    close: async () => {
      if (connected === null) return;
      const used = connected;
      await used.then(({ admin }) => admin.disconnect()).catch(() => undefined);
      drop(used);
    },
  };
}

/** Asks again while a partition has no leader that knows of it: right after its topic was made, or while it moves. */
async function onceLed<T>(ask: () => Promise<T>, types: ReadonlySet<string> = LEADERLESS_TYPES): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === LEADER_ATTEMPTS_MAX || !types.has(brokerErrorType(error))) throw error;
      await wait(LEADER_WAIT_MS);
    }
  }
}

async function connect(settings: ClientSettings): Promise<Connected> {
  const client = createClient(settings);
  const admin = client.kafka.admin();
  admin.on(admin.events.REQUEST_TIMEOUT, () => client.disconnect());
  await admin.connect().catch((error: unknown) => {
    client.kill();
    throw error;
  });
  return { admin, kill: client.kill };
}

/** Over a connection of its own: one that exists may be the very one that is stuck. */
async function answers(settings: ClientSettings, deadlineMs: number): Promise<boolean> {
  const client = createClient(settings);
  const admin = client.kafka.admin();
  try {
    await withDeadline(
      admin.connect().then(() => admin.describeCluster()),
      'asking whether a broker answers',
      deadlineMs,
    );
    return true;
  } catch {
    return false;
  } finally {
    client.kill();
    void admin.disconnect().catch(() => undefined);
  }
}

function byPartition<Entry extends { partition: number }, T>(entries: Entry[], read: (entry: Entry) => T): T[] {
  return entries.toSorted((a, b) => a.partition - b.partition).map(read);
}
