// Starts a gateway on real services for a test: a database and topics of its own, and merchants with keys.
import { randomBytes } from 'node:crypto';
import { readConfig } from '@paystream/config';
import type { Database } from '@paystream/database';
import { createDatabase } from '@paystream/database';
import type { Environment } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { createVault } from '@paystream/personal-data';
import { createLogger, createMetrics } from '@paystream/telemetry';
import type { TestDatabase, TestMessaging } from '@paystream/testkit';
import { createTestDatabase, createTestMessaging, testServices } from '@paystream/testkit';
import type { Gateway } from '../app.ts';
import { MIGRATIONS, startGateway } from '../app.ts';
import type { GatewayConfig } from '../config.ts';
import { gatewayConfig } from '../config.ts';
import type { NewMerchant } from '../merchants/create-merchant.ts';
import { createMerchant } from '../merchants/create-merchant.ts';
import { createOperator } from '../operators/create-operator.ts';

export interface GatewayHarness {
  test: TestMessaging;
  database: Database;
  vault: Vault;
  config: GatewayConfig;
  /** The lines every gateway of this harness has logged. */
  logLines: string[];
  createMerchant(environment?: Environment): Promise<NewMerchant>;
  /** An operator's key. */
  createOperator(): Promise<string>;
  start(changes?: Partial<GatewayConfig>): Promise<Gateway>;
  /** Stops every gateway that was started, and drops what was created. */
  close(): Promise<void>;
}

export async function createHarness(): Promise<GatewayHarness> {
  const [testDatabase, test] = await Promise.all([createTestDatabase(), createTestMessaging()]);
  const logLines: string[] = [];
  const logger = createLogger({
    name: 'gateway',
    level: 'info',
    destination: { write: (line) => logLines.push(line) },
  });
  const database = createDatabase({ url: testDatabase.url, name: 'test', logger });
  await database.migrate(MIGRATIONS);
  const config = configFor(testDatabase, test);
  const vault = createVault(Buffer.from(config.PERSONAL_DATA_KEY, 'base64'));
  const gateways: Gateway[] = [];
  return {
    ...{ test, database, vault, config, logLines },
    createMerchant: (environment = 'test') =>
      createMerchant({ database, vault, name: 'Shop', environment, country: null }),
    createOperator: async () => (await createOperator({ database, vault, name: 'Olga' })).operatorKey,
    start: async (changes = {}) => {
      const onFatal = (error: unknown) => logger.error({ err: error }, 'fatal');
      const gateway = await startGateway({
        config: { ...config, ...changes },
        logger,
        metrics: createMetrics({ app: 'gateway' }),
        onFatal,
      });
      gateways.push(gateway);
      return gateway;
    },
    close: async () => {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await test.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

function configFor(database: TestDatabase, { topicPrefix }: TestMessaging): GatewayConfig {
  const { kafkaBrokers, schemaRegistryUrl } = testServices();
  return readConfig(gatewayConfig, {
    KAFKA_BROKERS: kafkaBrokers,
    KAFKA_TOPIC_PREFIX: topicPrefix,
    SCHEMA_REGISTRY_URL: schemaRegistryUrl,
    GATEWAY_DATABASE_URL: database.url,
    PERSONAL_DATA_KEY: randomBytes(32).toString('base64'),
    GATEWAY_PORT: '0',
    GATEWAY_OPERATOR_PORT: '0',
  });
}
