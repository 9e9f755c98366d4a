/** Puts the hand-made log and books onto the real services, as the accounts app would leave them. */

import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import type { IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase, createTestMessaging, testServices } from '@paystream/testkit';
import type { TestMessaging } from '@paystream/testkit';
import type { ProofAddresses } from '../run-proof.ts';
import {
  asked,
  CUSTOMER,
  CUT,
  GARBAGE_OFFSET,
  MERCHANT,
  outcomes,
  PARTITION,
  statements,
  waiting,
} from './hand-made-books.ts';

const MIGRATIONS = new URL('../../../../accounts/migrations/', import.meta.url);

export interface HandMadeStack {
  readonly stack: ProofAddresses;
  readonly database: Database;
  readonly log: TestMessaging;
  /** Writes records as anybody may who reaches the broker. */
  readonly publish: (...records: readonly OutgoingRecord[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startHandMadeStack(): Promise<HandMadeStack> {
  const [testDatabase, log] = await Promise.all([createTestDatabase(), createTestMessaging({ partitions: 2 })]);
  const logger = createLogger({ name: 'test', level: 'error' });
  const database = createDatabase({ url: testDatabase.url, name: 'test', logger, poolSizeMax: 2 });
  await database.migrate(MIGRATIONS);
  const services = testServices();
  const publish = async (...records: readonly OutgoingRecord[]): Promise<void> => {
    const publisher = log.messaging.createPublisher();
    await publisher.publish([...records]);
    await publisher.close();
  };
  await writeLog(log, publish);
  for (const text of statements) await database.execute({ text });
  return {
    stack: {
      kafka_brokers: services.kafkaBrokers,
      kafka_topic_prefix: log.topicPrefix,
      schema_registry_url: services.schemaRegistryUrl,
      databases: { accounts: testDatabase.url },
    },
    database,
    log,
    publish,
    close: async () => {
      await log.messaging.admin.deleteTopics();
      await Promise.all([log.close(), database.close()]);
      await testDatabase.drop();
    },
  };
}

function outcomeOf(
  { codec }: TestMessaging['messaging'],
  { offset, key, value }: IncomingRecord,
): OutgoingRecord | null {
  const outcome = outcomes[String(offset)];
  const place = { partition: PARTITION, key };
  if (outcome?.topic === 'payment.settled') {
    return { ...place, topic: outcome.topic, value: codec.encode(outcome.topic, outcome.value), headers: {} };
  }
  if (outcome?.topic === 'payment.progressed') {
    return { ...place, topic: outcome.topic, value: codec.encode(outcome.topic, outcome.value), headers: {} };
  }
  if (offset !== GARBAGE_OFFSET) return null;
  const headers = { dlq_offset: String(offset), dlq_topic: 'payment.processed' };
  return { ...place, topic: 'payment.processed.accounts.dlq', value, headers };
}

async function writeLog({ messaging }: TestMessaging, publish: HandMadeStack['publish']): Promise<void> {
  const { codec, consumeIntoTopics, admin } = messaging;
  const record = { partition: PARTITION, key: Buffer.from(CUSTOMER), headers: {} };
  await publish(
    ...asked.map((value) => ({
      ...record,
      key: Buffer.from(value === null ? CUSTOMER : (value.customerId ?? MERCHANT)),
      topic: 'payment.processed',
      value: value === null ? Buffer.from('garbage') : codec.encode('payment.processed', value),
    })),
    { ...record, topic: 'payment.progressed', value: codec.encode('payment.progressed', waiting) },
  );

  // Stands in for the accounts app: outcomes, and the group's offset when they are written.
  const consumer = await consumeIntoTopics({
    groupId: 'accounts',
    topics: ['payment.processed'],
    transform: ({ records }) => Promise.resolve(records.flatMap((one) => outcomeOf(messaging, one) ?? [])),
  });
  await waitFor(async () => (await admin.committedOffsets('accounts', 'payment.processed'))[PARTITION] === CUT, {
    deadlineMs: 30_000,
    intervalMs: 20,
    what: 'the outcomes to be published',
  });
  await consumer.stop();
}
