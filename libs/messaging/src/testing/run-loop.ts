// The process that testing/child.ts starts: one loop, copying a topic, with the fault points of the environment armed.
import { createDatabase, insertOutgoing } from '@paystream/database';
import { enableFaultPoints } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { testServices } from '@paystream/testkit';
import { inTransaction } from '../applying.ts';
import { createMessaging } from '../messaging.ts';
import type { Consumer, IncomingRecord, OutgoingRecord } from '../types.ts';

interface LoopArguments {
  loop: 'transform' | 'database';
  groupId: string;
  input: string;
  output: string;
  prefix: string;
}

const { kafkaBrokers, schemaRegistryUrl } = testServices();
// Written by testing/child.ts, from this same checkout.
const { loop, groupId, input, output, prefix } = JSON.parse(process.argv[2] ?? '') as LoopArguments;
enableFaultPoints(process.env);
const logger = createLogger({ name: `loop-${process.pid}`, level: process.env.LOG_LEVEL ?? 'silent' });
const messaging = createMessaging({
  brokers: kafkaBrokers.split(','),
  clientId: 'messaging-loop',
  topicPrefix: prefix,
  registryUrl: schemaRegistryUrl,
  logger,
  metrics: createMetrics({ app: 'messaging-loop' }),
  onFatal: (error) => {
    logger.error({ err: error }, 'fatal');
    process.exit(1);
  },
});

const copy = ({ partition, key, value, headers }: IncomingRecord): OutgoingRecord => ({
  topic: output,
  partition,
  key,
  value,
  headers,
});
const databaseUrl = process.env.LOOP_DATABASE_URL ?? '';

async function start(): Promise<Consumer> {
  // Small batches: many steps, so that a kill or a freeze meets one.
  if (loop === 'transform') {
    return messaging.consumeIntoTopics({
      groupId,
      topics: [input],
      recordsPerSendMax: 20,
      transform: (batch) => Promise.resolve(batch.records.map(copy)),
    });
  }
  const database = createDatabase({ url: databaseUrl, name: 'messaging-loop', logger });
  return messaging.consumeIntoDatabase({
    groupId,
    topic: input,
    database,
    recordsMax: 20,
    publishOutgoing: true,
    commitWaitMs: 0,
    outputTopics: [output],
    apply: inTransaction(async ({ records, partition }, transaction) => {
      await transaction.execute({
        text: 'INSERT INTO applied SELECT $1, $2, unnest($3::bigint[])',
        values: [input, partition, records.map(({ offset }) => offset)],
      });
      const events = records.map((record) => ({ ...copy(record), sourceOffset: record.offset, index: 0 }));
      await insertOutgoing(transaction, { inputTopic: input, inputPartition: partition, events });
      return events;
    }),
    applyPoison: (_record, error) => {
      throw new Error('no record here is poison', { cause: error });
    },
  });
}

const consumer = await start();
process.on('disconnect', () => {
  void consumer.stop().then(() => process.exit(0));
});
await consumer.ready;
process.send?.('ready');
