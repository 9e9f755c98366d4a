/** Gives a test topics of its own on the shared broker: a random prefix, the real contracts, and clients that are closed at the end. */

import { createMessaging } from '@paystream/messaging';
import type { Messaging } from '@paystream/messaging';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { randomName } from './test-ids.ts';
import { testServices } from './test-services.ts';

export interface TestMessaging {
  readonly messaging: Messaging;
  /** `KAFKA_TOPIC_PREFIX` of these topics, for processes that a test starts. */
  readonly topicPrefix: string;
  /** What the clients reported as fatal so far. */
  readonly fatalErrors: readonly unknown[];
  /** Closes the clients and removes the topics it created; stop consumers and publishers before. */
  close(): Promise<void>;
}

export interface TestMessagingOptions {
  /** Partitions of each payment topic; few, for the broker is shared. */
  readonly partitions?: number;
  /** Joins the topics of another test client instead of creating new ones. */
  readonly topicPrefix?: string;
}

const PARTITIONS_DEFAULT = 2;

export async function createTestMessaging(options: TestMessagingOptions = {}): Promise<TestMessaging> {
  const services = testServices();
  const topicPrefix = options.topicPrefix ?? `${randomName('test')}.`;
  const fatalErrors: unknown[] = [];
  const messaging = createMessaging({
    brokers: services.kafkaBrokers.split(','),
    topicPrefix,
    clientId: 'testkit',
    registryUrl: services.schemaRegistryUrl,
    logger: createLogger({ name: 'testkit', level: 'error' }),
    metrics: createMetrics({ app: 'testkit' }),
    onFatal: (error) => void fatalErrors.push(error),
  });
  const ownsTopics = options.topicPrefix === undefined;
  if (ownsTopics) {
    await messaging.admin.applyContracts({ paymentPartitions: options.partitions ?? PARTITIONS_DEFAULT });
  }
  await messaging.codec.connect();
  const close = async (): Promise<void> => {
    if (ownsTopics) await messaging.admin.deleteTopics();
    await messaging.close();
  };
  return { messaging, topicPrefix, fatalErrors, close };
}
