// Answers operators' questions about the cluster in plain names and bigints.
import { catalogue, topicNames } from '@paystream/topics';
import { committedEndOffsets } from './committed-ends.ts';
import type { MessagingContext } from './context.ts';
import { deadLetterTopic } from './dead-letter.ts';
import { readRange } from './read-range.ts';
import type { AppliedContracts } from './topic-contracts.ts';
import { applyContracts } from './topic-contracts.ts';

const HEALTH_DEADLINE_MS = 2_000;
/** A stretch this short may be nothing but transaction markers: it is looked at before it is called lag. */
const MARKERS_MAX = 64n;

export interface MessagingAdmin {
  /** Creates topics and registers schemas; see topic-contracts.ts. */
  applyContracts(options: { paymentPartitions: number }): Promise<AppliedContracts>;
  /** Plain names of our topics that exist, sorted. */
  topics(): Promise<string[]>;
  /** By partition: the offset after the last committed record (the last stable offset). */
  endOffsets(topic: string): Promise<bigint[]>;
  /** The same once every transaction open at the call has ended: see committed-ends.ts. */
  committedEndOffsets(topic: string): Promise<bigint[]>;
  /** By partition: the offset of the first record still kept. */
  startOffsets(topic: string): Promise<bigint[]>;
  /** By partition: the group's next offset; null where it has none. */
  committedOffsets(group: string, topic: string): Promise<(bigint | null)[]>;
  /** By partition: how many offsets the group has still to read; 0 when only transaction markers are left. */
  lag(group: string, topic: string): Promise<bigint[]>;
  /** Whether a broker answers within two seconds. */
  health(): Promise<boolean>;
  /** Removes our topics; for tests, which give theirs a prefix of their own. */
  deleteTopics(): Promise<void>;
}

export function createAdmin(context: MessagingContext & { registryUrl: string }): MessagingAdmin {
  const { admin, names } = context;
  const topics = async () => {
    const present = new Set(await admin.listTopics());
    return ourTopics().filter((name) => present.has(names.topic(name)));
  };
  const committedOffsets = (group: string, topic: string) => admin.committed(names.group(group), names.topic(topic));
  const bounds = (topic: string) => admin.bounds(names.topic(topic));
  return {
    applyContracts: (options) => applyContracts(context, options),
    topics,
    endOffsets: async (topic) => (await bounds(topic)).map(({ end }) => end),
    committedEndOffsets: (topic) => committedEndOffsets(context, topic),
    startOffsets: async (topic) => (await bounds(topic)).map(({ start }) => start),
    committedOffsets,
    lag: async (group, topic) => {
      const committed = await committedOffsets(group, topic);
      const all = await bounds(topic);
      return Promise.all(
        all.map(({ start, end }, partition) => {
          const from = committed[partition] ?? start;
          return lagBetween(context, { topic, partition, from: from > start ? from : start, before: end });
        }),
      );
    },
    health: () => admin.answers(HEALTH_DEADLINE_MS),
    deleteTopics: async () => admin.deleteTopics((await topics()).map(names.topic)),
  };
}

async function lagBetween(
  context: MessagingContext,
  range: { topic: string; partition: number; from: bigint; before: bigint },
): Promise<bigint> {
  const offsets = range.before > range.from ? range.before - range.from : 0n;
  if (offsets === 0n || offsets > MARKERS_MAX) return offsets;
  let records = 0n;
  for await (const piece of readRange(context, range)) records += BigInt(piece.length);
  return records;
}

function ourTopics(): string[] {
  return topicNames
    .flatMap((name) => [name, ...catalogue[name].readBy.map((reader) => deadLetterTopic(name, reader))])
    .toSorted();
}
