// Connects commands to what is running: quietly, for a command's output belongs to its answer.

import { kafkaConnection, kafkaProperties, readConfig } from '@paystream/config';
import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import { createMessaging } from '@paystream/messaging';
import type { Messaging } from '@paystream/messaging';
import { createLogger, createMetrics } from '@paystream/telemetry';
import type { Logger } from '@paystream/telemetry';
import { Type } from 'typebox';
import type { StackFile } from './context.ts';

/** The part of the stack that a command which reads the log needs. */
export type LogAddresses = Pick<StackFile, 'kafka_brokers' | 'kafka_topic_prefix' | 'schema_registry_url'>;

const logger: Logger = createLogger({
  name: 'paystream',
  level: 'error',
  destination: { write: (line) => void process.stderr.write(line) },
});

/**
 * Clients of the log; resolves when records can be decoded. Whoever calls closes them. The stack says where the log is,
 * the environment how to get in: KAFKA_SSL and KAFKA_SASL_*.
 */
export async function connectMessaging(stack: LogAddresses, environment: NodeJS.ProcessEnv = {}): Promise<Messaging> {
  const config = readConfig(Type.Object(kafkaProperties), {
    ...environment,
    KAFKA_BROKERS: stack.kafka_brokers,
    KAFKA_TOPIC_PREFIX: stack.kafka_topic_prefix,
    SCHEMA_REGISTRY_URL: stack.schema_registry_url,
  });
  const messaging = createMessaging({
    ...kafkaConnection(config),
    clientId: 'paystream-cli',
    logger,
    metrics: createMetrics({ app: 'cli' }),
    onFatal: (error) => logger.fatal({ err: error }, 'a Kafka client ended for good'),
  });
  try {
    await messaging.codec.connect();
    return messaging;
  } catch (error) {
    await messaging.close();
    throw error;
  }
}

/** A database of the stack, with one connection unless said otherwise; statements may take `statementTimeoutMs`. */
export function connectDatabase(url: string, statementTimeoutMs: number, poolSizeMax = 1): Database {
  return createDatabase({ url, name: 'paystream-cli', logger, poolSizeMax, statementTimeoutMs });
}
