/** Services of one's own are taken all together or not at all. */

import { expect, test } from 'vitest';
import { givenServices } from './given-services.ts';

const ALL = {
  KAFKA_BROKERS: 'one.example:9092,two.example:9092',
  SCHEMA_REGISTRY_URL: 'https://registry.example',
  GATEWAY_DATABASE_URL: 'postgres://gateway@db.example/gateway',
  ACCOUNTS_DATABASE_URL: 'postgres://accounts@db.example/accounts',
  NOTIFIER_DATABASE_URL: 'postgres://notifier@db.example/notifier',
  CONTACTS_DATABASE_URL: 'postgres://contacts@db.example/gateway',
  PERSONAL_DATA_KEY: 'a2V5',
};

test('without any address there are none', () => {
  expect(givenServices({ PATH: '/bin', PERSONAL_DATA_KEY: ALL.PERSONAL_DATA_KEY })).toBeNull();
});

test('all addresses are taken as they are, and nothing is started', () => {
  expect(givenServices(ALL)).toMatchObject({
    source: 'environment',
    kafkaBrokers: ALL.KAFKA_BROKERS,
    schemaRegistryUrl: ALL.SCHEMA_REGISTRY_URL,
    databases: { accounts: ALL.ACCOUNTS_DATABASE_URL, contacts: ALL.CONTACTS_DATABASE_URL },
    personalDataKey: ALL.PERSONAL_DATA_KEY,
    pids: {},
  });
});

test('some addresses without the others are one sentence that names those', () => {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = ALL;
  expect(() => givenServices({ KAFKA_BROKERS, SCHEMA_REGISTRY_URL })).toThrow(
    'GATEWAY_DATABASE_URL, ACCOUNTS_DATABASE_URL, NOTIFIER_DATABASE_URL, CONTACTS_DATABASE_URL, PERSONAL_DATA_KEY must then be set too',
  );
});

test('the key over personal data is asked for, and how to make one is said', () => {
  expect(() => givenServices({ ...ALL, PERSONAL_DATA_KEY: '' })).toThrow(
    /and PERSONAL_DATA_KEY must then be set too .*openssl rand -base64 32/,
  );
});
