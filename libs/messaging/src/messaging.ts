// Wires the room together: one object per process, from which apps take producers, consumers and look-ups.
import type { Metrics } from '@paystream/telemetry';
import type { AccountShardsOptions, ShardPublisher } from './account-shards.ts';
import { publishAccountShards } from './account-shards.ts';
import type { MessagingAdmin } from './admin.ts';
import { createAdmin } from './admin.ts';
import { createAdminConnection } from './admin-connection.ts';
import type { ClientSettings } from './client.ts';
import type { Codec } from './codec.ts';
import { createCodec } from './codec.ts';
import type { ConsumeOptions } from './consume-into-database.ts';
import { consumeIntoDatabase } from './consume-into-database.ts';
import type { FollowOptions, Follower } from './follow.ts';
import { follow } from './follow.ts';
import { createMessagingMetrics, createRequestCounter } from './metrics.ts';
import { createNames } from './names.ts';
import { createAddressing } from './partition-counts.ts';
import type { Publisher } from './publisher.ts';
import { createPublisher } from './publisher.ts';
import type { Range } from './read-range.ts';
import { readRange } from './read-range.ts';
import type { TransformOptions } from './consume-into-topics.ts';
import { consumeIntoTopics } from './consume-into-topics.ts';
import type { Consumer, IncomingRecord } from './types.ts';

export interface MessagingOptions extends ClientSettings {
  /** Put before every topic, group and transactional id on the cluster; outside, names are plain. */
  topicPrefix?: string | undefined;
  registryUrl: string;
  metrics: Metrics;
  /** Called when this process cannot go on: end it, and let it be started again. */
  onFatal(error: Error): void;
}

export interface Messaging {
  codec: Codec;
  admin: MessagingAdmin;
  /** A producer of its own, with its own queue. */
  createPublisher(): Publisher;
  consumeIntoTopics(options: TransformOptions): Promise<Consumer>;
  consumeIntoDatabase(options: ConsumeOptions): Promise<Consumer>;
  publishAccountShards(options: AccountShardsOptions): ShardPublisher;
  follow(options: FollowOptions): Promise<Follower>;
  readRange(range: Range): AsyncIterable<IncomingRecord[]>;
  /** Closes the shared connections; consumers and publishers are stopped by whoever started them, before. */
  close(): Promise<void>;
}

/** Connects to nothing yet; every call connects when it needs to. */
export function createMessaging(options: MessagingOptions): Messaging {
  const { brokers, ssl, sasl, clientId, logger, mapAddress, registryUrl } = options;
  const onRequest = createRequestCounter(options.metrics);
  const settings: ClientSettings = { brokers, ssl, sasl, clientId, logger, mapAddress, onRequest };
  const names = createNames(options.topicPrefix ?? '');
  const admin = createAdminConnection(settings);
  const addressing = createAddressing({ admin, names });
  const codec = createCodec({ registryUrl, clientId });
  const metrics = createMessagingMetrics(options.metrics);
  const context = { settings, names, admin, addressing, codec, registryUrl, logger, metrics, onFatal: options.onFatal };
  return {
    codec,
    admin: createAdmin(context),
    createPublisher: () => createPublisher(context),
    consumeIntoTopics: (given) => consumeIntoTopics(context, given),
    consumeIntoDatabase: (given) => consumeIntoDatabase(context, given),
    publishAccountShards: (given) => publishAccountShards(context, given),
    follow: (given) => follow(context, given),
    readRange: (range) => readRange(context, range),
    close: () => admin.close(),
  };
}
