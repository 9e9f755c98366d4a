// Creates a merchant with a key and prints both as one line of JSON: `node create-merchant.ts --environment test --name Shop --country FR`.
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
  const { environment, name, country } = readArguments();
  await database.migrate(MIGRATIONS);
  const vault = createVault(masterKeyOf(config));
  const { merchantId, apiKey } = await createMerchant({ database, vault, name, environment, country });
  await publishNow(config).catch((error: unknown) =>
    logger.warn({ err: error }, 'the settings are stored; a running gateway will publish them'),
  );
  process.stdout.write(`${JSON.stringify({ merchant_id: merchantId, api_key: apiKey })}\n`);
} finally {
  await database.close();
}

interface Arguments {
  environment: Environment;
  name: string;
  /** ISO 3166-1 alpha-2; null: not said. */
  country: string | null;
}

function readArguments(): Arguments {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { environment: text, name: text, country: text } });
  const { environment = '', name = '', country = null } = values;
  if (!isEnvironment(environment) || name.trim() === '' || (country !== null && !/^[A-Z]{2}$/.test(country))) {
    throw new Error('usage: create-merchant.ts --environment test|live --name "Name of the merchant" [--country FR]');
  }
  return { environment, name, country };
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
