/** Services of one's own are taken all together or not at all. */

import { expect, test } from 'vitest';
import { givenServices } from './given-services.ts';
import { openStackFolder } from './stack-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const ALL = {
  KAFKA_BROKERS: 'one.example:9092,two.example:9092',
  SCHEMA_REGISTRY_URL: 'https://registry.example',
  GATEWAY_DATABASE_URL: 'postgres://gateway@db.example/gateway',
  ACCOUNTS_DATABASE_URL: 'postgres://accounts@db.example/accounts',
  NOTIFIER_DATABASE_URL: 'postgres://notifier@db.example/notifier',
  CONTACTS_DATABASE_URL: 'postgres://contacts@db.example/gateway',
};

async function given(environment: NodeJS.ProcessEnv) {
  const folder = await openStackFolder({ path: temporaryFolder(), log: () => {} });
  try {
    return givenServices({ environment, folder });
  } finally {
    folder.release();
  }
}

test('without any address there are none', async () => {
  expect(await given({ PATH: '/bin' })).toBeNull();
});

test('all addresses are taken as they are, and nothing is started', async () => {
  const services = await given(ALL);
  expect(services).toMatchObject({
    source: 'environment',
    kafkaBrokers: ALL.KAFKA_BROKERS,
    schemaRegistryUrl: ALL.SCHEMA_REGISTRY_URL,
    databases: { accounts: ALL.ACCOUNTS_DATABASE_URL, contacts: ALL.CONTACTS_DATABASE_URL },
    pids: {},
  });
});

test('some addresses without the others are one sentence that names those', async () => {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = ALL;
  await expect(given({ KAFKA_BROKERS, SCHEMA_REGISTRY_URL })).rejects.toThrow(
    'GATEWAY_DATABASE_URL, ACCOUNTS_DATABASE_URL, NOTIFIER_DATABASE_URL, CONTACTS_DATABASE_URL must then be set too',
  );
});
