// Creates a merchant with a key and prints both as one line of JSON: `node create-merchant.ts --environment test --name Shop`.
import { parseArgs } from 'node:util';
import { kafkaConnection, readConfigOrExit } from '@paystream/config';
import { createDatabase } from '@paystream/database';
import { createMessaging } from '@paystream/messaging';
import type { Environment } from '@paystream/payments';
import { isEnvironment } from '@paystream/payments';
import { createVault } from '@paystream/personal-data';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { MIGRATIONS } from './app.ts';
import type { StoreConfig } from './config.ts';
import { masterKeyOf, storeConfig } from './config.ts';
import { createMerchant } from './merchants/create-merchant.ts';
import { publishMerchants } from './publish/merchant-updated.ts';

const config = readConfigOrExit(storeConfig, process.env);
// Standard output is for the answer.
const logger = createLogger({ name: 'create-merchant', level: 'warn', destination: process.stderr });
const database = createDatabase({ url: config.GATEWAY_DATABASE_URL, name: 'create-merchant', logger, poolSizeMax: 2 });
try {
  const { environment, name } = readArguments();
  await database.migrate(MIGRATIONS);
  const vault = createVault(masterKeyOf(config));
  const { merchantId, apiKey } = await createMerchant({ database, vault, name, environment });
  await publishNow(config).catch((error: unknown) =>
    logger.warn({ err: error }, 'the settings are stored; a running gateway will publish them'),
  );
  process.stdout.write(`${JSON.stringify({ merchant_id: merchantId, api_key: apiKey })}\n`);
} finally {
  await database.close();
}

function readArguments(): { environment: Environment; name: string } {
  const { values } = parseArgs({ options: { environment: { type: 'string' }, name: { type: 'string' } } });
  const { environment = '', name = '' } = values;
  if (!isEnvironment(environment) || name.trim() === '') {
    throw new Error('usage: create-merchant.ts --environment test|live --name "Name of the merchant"');
  }
  return { environment, name };
}

/** So that the first payment need not wait for the relay's next turn. */
async function publishNow(settings: StoreConfig): Promise<void> {
  const messaging = createMessaging({
    ...kafkaConnection(settings),
    clientId: 'create-merchant',
    logger,
    metrics: createMetrics({ app: 'create-merchant' }),
    onFatal: (error) => logger.error({ err: error }, 'the log cannot be written'),
  });
  const publisher = messaging.createPublisher();
  try {
    await messaging.codec.connect();
    await publishMerchants({ database, codec: messaging.codec, publisher });
  } finally {
    await publisher.close();
    await messaging.close();
  }
}
