// Reads partitions at offsets of the caller's choice, without a group: kafkajs has no such call, its inner parts do.
import { createRequire } from 'node:module';
import type { KafkaMessage } from 'kafkajs';
import type { ClientSettings } from './client.ts';
import { createClient } from './client.ts';
import { withDeadline } from './deadline.ts';
import { brokerErrorType, toMessagingError } from './errors.ts';
import { clusterMakerOf } from './kafkajs-patches.ts';

const PARTITION_BYTES_MAX = 524_288;
const FETCH_BYTES_MAX = 10_485_760;
const READ_COMMITTED = 1;
const METADATA_AGE_MS_MAX = 30_000;
/** With several leaders, whose answers are awaited together: what one has waits for the others' so long at most. */
const TOGETHER_WAIT_MS_MAX = 200;

/** Where to read; the topic's real name. */
export interface Position {
  topic: string;
  partition: number;
  offset: bigint;
}

export interface Chunk extends Position {
  /** Committed records from `offset` on; may be empty although more follows. */
  messages: KafkaMessage[];
  /** Where to read on. */
  next: bigint;
  /** Offset after the last record that can be read now (the last stable offset). */
  end: bigint;
  /** Offset after the last record there is; beyond `end` lie open transactions. */
  highWatermark: bigint;
}

export interface LogReader {
  /**
   * One fetch for all positions, from all their leaders at once; waits up to `waitMs` while there is nothing to read.
   * @throws MessagingError; `offset_out_of_range` in its message's cause when the log no longer has an offset
   */
  read(positions: readonly Position[], waitMs: number): Promise<Chunk[]>;
  /** Ends it at once; a read under way rejects. */
  close(): Promise<void>;
}

export function createLogReader(settings: ClientSettings): LogReader {
  let connected: { cluster: Cluster; kill(): void } | null = null;
  let closed = false;

  const connect = async () => {
    const client = createClient(settings);
    const cluster = createCluster(client.kafka);
    connected = { cluster, kill: client.kill };
    await cluster.connect();
    return connected;
  };
  const drop = () => {
    connected?.kill();
    connected = null;
  };
  const read = async (positions: readonly Position[], waitMs: number): Promise<Chunk[]> => {
    const { cluster } = connected ?? (await connect());
    await cluster.addMultipleTargetTopics([...new Set(positions.map(({ topic }) => topic))]);
    await cluster.refreshMetadataIfNecessary();
    const leaders = byLeader(cluster, positions);
    const ownWaitMs = leaders.length > 1 ? Math.min(waitMs, TOGETHER_WAIT_MS_MAX) : waitMs;
    const reads = leaders.map(([nodeId, own]) => fetchFrom(cluster, nodeId, own, ownWaitMs));
    return (await Promise.all(reads)).flat();
  };
  return {
    read: async (positions, waitMs) => {
      if (closed) throw toMessagingError(new Error('this reader is closed'), 'reading');
      try {
        return await withDeadline(read(positions, waitMs), 'a fetch');
      } catch (error) {
        // Leaders may have moved and connections may be half open: look everything up anew.
        drop();
        throw toMessagingError(error, 'reading');
      }
    },
    close: () => {
      closed = true;
      // kafkajs would wait for the fetch under way, which waits for records.
      drop();
      return Promise.resolve();
    },
  };
}

/** Whether the error says that the log does not reach to an offset (any more, or yet). */
export function isOutOfRange(error: unknown): boolean {
  return brokerErrorType(error) === 'OFFSET_OUT_OF_RANGE';
}

function byLeader(cluster: Cluster, positions: readonly Position[]): [nodeId: string, Position[]][] {
  const leaders = new Map<string, Position[]>();
  for (const position of positions) {
    const [nodeId] = Object.keys(cluster.findLeaderForPartitions(position.topic, [position.partition]));
    if (nodeId === undefined) throw new Error(`${position.topic}/${position.partition} does not exist`);
    const own = leaders.get(nodeId);
    if (own === undefined) leaders.set(nodeId, [position]);
    else own.push(position);
  }
  return [...leaders];
}

async function fetchFrom(cluster: Cluster, nodeId: string, positions: Position[], waitMs: number): Promise<Chunk[]> {
  const broker = await cluster.findBroker({ nodeId });
  const { responses } = await broker.fetch({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: waitMs,
    minBytes: 1,
    maxBytes: FETCH_BYTES_MAX,
    topics: positions.map(({ topic, partition, offset }) => ({
      topic,
      partitions: [{ partition, fetchOffset: `${offset}`, maxBytes: PARTITION_BYTES_MAX }],
    })),
  });
  const asked = new Map(positions.map((position) => [`${position.topic}/${position.partition}`, position]));
  return responses.flatMap(({ topicName, partitions }) =>
    partitions.flatMap((data) => {
      const position = asked.get(`${topicName}/${data.partition}`);
      return position === undefined ? [] : [toChunk(position, data)];
    }),
  );
}

function toChunk(position: Position, data: PartitionData): Chunk {
  const { messages } = new Batch(position.topic, `${position.offset}`, data);
  const last = data.messages.at(-1)?.batchContext;
  // The last batch reaches to its header's offset, even where compaction has taken its last records away.
  const next = last === undefined ? position.offset : BigInt(last.firstOffset) + BigInt(last.lastOffsetDelta) + 1n;
  return {
    ...position,
    messages,
    next: next > position.offset ? next : position.offset,
    end: BigInt(data.lastStableOffset),
    highWatermark: BigInt(data.highWatermark),
  };
}

// What is used of kafkajs 2.2.4's inner parts, which have no types of their own: src/cluster, src/broker, src/consumer/batch.
interface PartitionData {
  partition: number;
  lastStableOffset: string;
  highWatermark: string;
  messages: (KafkaMessage & { batchContext: { firstOffset: string; lastOffsetDelta: number } })[];
}
interface FetchRequest {
  isolationLevel: number;
  maxWaitTime: number;
  minBytes: number;
  maxBytes: number;
  topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
}
interface Broker {
  fetch(request: FetchRequest): Promise<{ responses: { topicName: string; partitions: PartitionData[] }[] }>;
}
interface Cluster {
  connect(): Promise<void>;
  addMultipleTargetTopics(topics: string[]): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(node: { nodeId: string }): Promise<Broker>;
}
type BatchOf = new (topic: string, fetchedOffset: string, data: PartitionData) => { messages: KafkaMessage[] };

const Batch = createRequire(import.meta.url)('kafkajs/src/consumer/batch.js') as BatchOf;

function createCluster(kafka: object): Cluster {
  return clusterMakerOf(kafka).create({
    metadataMaxAge: METADATA_AGE_MS_MAX,
    allowAutoTopicCreation: false,
  }) as Cluster;
}
