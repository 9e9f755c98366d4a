/** Applies the topics' contracts to the broker and the registry before any app starts. */

import { kafkaConnection, kafkaProperties, readConfig } from '@paystream/config';
import { createMessaging } from '@paystream/messaging';
import type { Services } from '@paystream/stack';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { Type } from 'typebox';
import { CliError } from '../context.ts';

export interface ApplyOptions {
  readonly services: Pick<Services, 'kafkaBrokers' | 'schemaRegistryUrl'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly paymentPartitions: number;
}

/** Creates missing topics and registers schemas; resolves with how many topics there are and how many are new. */
export async function applyTopics(options: ApplyOptions): Promise<{ topics: number; created: number }> {
  const { services, environment, paymentPartitions } = options;
  const config = readConfig(Type.Object(kafkaProperties), {
    ...environment,
    KAFKA_BROKERS: services.kafkaBrokers,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
  });
  const messaging = createMessaging({
    ...kafkaConnection(config),
    clientId: 'paystream-up',
    logger: createLogger({ name: 'paystream', level: 'error' }),
    metrics: createMetrics({ app: 'cli' }),
    onFatal: () => {},
  });
  try {
    const { created, existing } = await messaging.admin.applyContracts({ paymentPartitions });
    return { topics: created.length + existing.length, created: created.length };
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), { cause: error });
  } finally {
    await messaging.close();
  }
}
