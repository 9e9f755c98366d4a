// Gives this room's own tests topics with any settings on the shared broker, and ways to write to and read from them.
import { randomUUID } from 'node:crypto';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { testServices } from '@paystream/testkit';
import { createAdminConnection } from '../admin-connection.ts';
import type { ClientSettings } from '../client.ts';
import { createCodec } from '../codec.ts';
import type { MessagingContext } from '../context.ts';
import { createMessagingMetrics } from '../metrics.ts';
import { createNames } from '../names.ts';
import { createAddressing } from '../partition-counts.ts';
import { readRange } from '../read-range.ts';
import type { IncomingRecord, OutgoingRecord } from '../types.ts';
import type { Codec } from '../codec.ts';

export interface ScratchTopics {
  context: MessagingContext & { codec: Codec };
  /** Put before every topic; for processes a test starts. */
  prefix: string;
  fatalErrors: Error[];
  /** Creates topics by plain name; `config` are Kafka's own settings. */
  create(topics: Record<string, number>, config?: Record<string, string>): Promise<void>;
  /** Another client of the same topics, over other connections. */
  contextWith(settings: Partial<ClientSettings>): MessagingContext & { codec: Codec };
  /** All committed records of a topic, partition by partition. */
  readAll(topic: string): Promise<IncomingRecord[]>;
  close(): Promise<void>;
}

/** @param kafkaBrokers other brokers than those of all tests, for a test that kills its own */
export function createScratchTopics({ kafkaBrokers, schemaRegistryUrl } = testServices()): ScratchTopics {
  const prefix = `scratch-${randomUUID().slice(0, 8)}.`;
  const logger = createLogger({ name: 'messaging-test', level: process.env.LOG_LEVEL ?? 'silent' });
  const fatalErrors: Error[] = [];
  const created: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  const contextWith = (settings: Partial<ClientSettings>) => {
    const all: ClientSettings = { brokers: kafkaBrokers.split(','), clientId: 'messaging-test', logger, ...settings };
    const names = createNames(prefix);
    const admin = createAdminConnection(all);
    closing.push(() => admin.close());
    return {
      settings: all,
      names,
      admin,
      addressing: createAddressing({ admin, names }),
      codec: createCodec({ registryUrl: schemaRegistryUrl, clientId: 'messaging-test' }),
      logger,
      metrics: createMessagingMetrics(createMetrics({ app: 'messaging-test' })),
      onFatal: (error: Error) => void fatalErrors.push(error),
    };
  };
  const context = contextWith({});
  const { admin, names } = context;
  return {
    context,
    prefix,
    fatalErrors,
    contextWith,
    create: async (topics, config = {}) => {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      const configs = Object.entries(topics).map(([topic, numPartitions]) => ({
        topic: names.topic(topic),
        numPartitions,
        replicationFactor: 1,
        configEntries,
      }));
      await admin.createTopics(configs);
      created.push(...configs.map(({ topic }) => topic));
    },
    readAll: async (topic) => {
      const records: IncomingRecord[] = [];
      for (const [partition, { start, end }] of (await admin.bounds(names.topic(topic))).entries()) {
        for await (const piece of readRange(context, { topic, partition, from: start, before: end }))
          records.push(...piece);
      }
      return records;
    },
    close: async () => {
      await admin.deleteTopics(created);
      for (const close of closing) await close();
    },
  };
}

/** A record whose value is this text. */
export function aRecord(topic: string, partition: number, text: string): OutgoingRecord {
  return { topic, partition, key: Buffer.from(text), value: Buffer.from(text), headers: { seen_in: 'test' } };
}

/** `count` records named `<name>-0`, `<name>-1`, … */
export function records(topic: string, partition: number, count: number, name = `record`): OutgoingRecord[] {
  return Array.from({ length: count }, (_, index) => aRecord(topic, partition, `${name}-${index}`));
}

/** The records' values as text, in the order given. */
export function texts(list: readonly IncomingRecord[]): string[] {
  return list.map(({ value }) => value?.toString() ?? 'null');
}

/** Those whose value is the first of its kind in their partition: what readers of an at-least-once topic go by. */
export function firsts(list: readonly IncomingRecord[]): IncomingRecord[] {
  const seen = new Set<string>();
  return list.filter(({ partition, value }) => {
    const name = `${partition}/${value?.toString('base64')}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
