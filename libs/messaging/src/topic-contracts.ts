// Creates the topics the contracts in topics/ ask for, with their dead letters, and refuses a cluster that was set up otherwise.
import type { ITopicConfig } from 'kafkajs';
import type { TopicContract, TopicName } from '@paystream/topics';
import { catalogue, topicNames } from '@paystream/topics';
import type { MessagingContext } from './context.ts';
import { deadLetterTopic } from './dead-letter.ts';
import { MessagingError } from './errors.ts';
import { registerSchemas } from './schemas.ts';

/** Readers that are groups of our apps; each has a topic for its dead letters of every topic it reads. */
const READERS = ['processor', 'processor-provider-events', 'accounts', 'gateway', 'notifier'] as const;
const KEPT_FOR_GOOD_MS = -1;
/** The brokers' default for one batch. A dead letter is as large as what it is about, and its headers come on top. */
const MESSAGE_BYTES_MAX = 1_048_588;
const DEAD_LETTER_BYTES_MAX = 2 * MESSAGE_BYTES_MAX;
/** The cluster's own default. */
const REPLICATION_FACTOR = -1;

export interface PlannedTopic {
  name: string;
  partitions: number;
  cleanupPolicy: TopicContract['cleanupPolicy'];
  retentionMs: number;
  messageBytesMax: number;
}

export interface AppliedContracts {
  created: string[];
  existing: string[];
}

/** Every topic of the contracts and every reader's dead letters, by plain name. */
export function plannedTopics(paymentPartitions: number): PlannedTopic[] {
  return topicNames.flatMap((name: TopicName) => {
    const { cleanupPolicy, retentionMs, partitions, readBy } = catalogue[name];
    const count = partitions === 'payment' ? paymentPartitions : partitions;
    const deadLetters = READERS.filter((reader) => readBy.includes(reader)).map((reader) => ({
      name: deadLetterTopic(name, reader),
      partitions: count,
      cleanupPolicy: 'delete' as const,
      retentionMs: KEPT_FOR_GOOD_MS,
      messageBytesMax: DEAD_LETTER_BYTES_MAX,
    }));
    return [
      { name, partitions: count, cleanupPolicy, retentionMs, messageBytesMax: MESSAGE_BYTES_MAX },
      ...deadLetters,
    ];
  });
}

/**
 * Creates what is missing, registers the schemas, changes nothing that is there. Any number of processes may do so at once.
 * @param paymentPartitions count of every payment topic; only used where a topic is created
 * @throws MessagingError (fatal) when an existing topic has another number of partitions
 */
export async function applyContracts(
  context: MessagingContext & { registryUrl: string },
  { paymentPartitions }: { paymentPartitions: number },
): Promise<AppliedContracts> {
  const { admin, names, registryUrl, logger } = context;
  const planned = plannedTopics(paymentPartitions);
  // Real names: without our prefix another system's topics on the same cluster would look like ours.
  const present = new Set(await admin.listTopics());
  const isPresent = ({ name }: PlannedTopic): boolean => present.has(names.topic(name));
  const missing = planned.filter((topic) => !isPresent(topic));
  if (missing.length > 0) {
    await admin.createTopics(missing.map((topic) => toTopicConfig(names.topic(topic.name), topic)));
  }
  // Those just created too: another process may have been faster, with another count.
  for (const topic of planned) await checkPartitions(context, topic);
  await registerSchemas({ registryUrl, logger });
  return {
    created: missing.map(({ name }) => name),
    existing: planned.filter(isPresent).map(({ name }) => name),
  };
}

async function checkPartitions({ admin, names }: MessagingContext, { name, partitions }: PlannedTopic): Promise<void> {
  const count = await admin.partitionCount(names.topic(name));
  if (count === partitions) return;
  throw new MessagingError(
    'fatal',
    `Topic ${name} has ${count ?? 'no'} partitions, but ${partitions} are configured. A count is never changed: keys would ` +
      `move to other partitions and lose their order. Set KAFKA_PAYMENT_PARTITIONS=${count ?? partitions}, or start with new topics.`,
  );
}

function toTopicConfig(
  topic: string,
  { partitions, cleanupPolicy, retentionMs, messageBytesMax }: PlannedTopic,
): ITopicConfig {
  return {
    topic,
    numPartitions: partitions,
    replicationFactor: REPLICATION_FACTOR,
    configEntries: [
      { name: 'cleanup.policy', value: cleanupPolicy },
      { name: 'retention.ms', value: `${retentionMs}` },
      { name: 'retention.bytes', value: '-1' },
      { name: 'max.message.bytes', value: `${messageBytesMax}` },
      // Whatever codec a foreign writer uses, what lies in the log can be read by everyone.
      { name: 'compression.type', value: 'uncompressed' },
    ],
  };
}
