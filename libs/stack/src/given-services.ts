/** Takes services from addresses in the environment, all of them or none. */

import { readSecrets } from './secrets.ts';
import type { Services } from './services.ts';
import { StackError } from './stack-error.ts';
import type { ServicesOptions } from './start-services.ts';

const REQUIRED = [
  'KAFKA_BROKERS',
  'SCHEMA_REGISTRY_URL',
  'GATEWAY_DATABASE_URL',
  'ACCOUNTS_DATABASE_URL',
  'NOTIFIER_DATABASE_URL',
  'CONTACTS_DATABASE_URL',
] as const;

/** The services that the environment names; null when it names none. */
export function givenServices({
  environment,
  folder,
}: Pick<ServicesOptions, 'environment' | 'folder'>): Services | null {
  const missing = REQUIRED.filter((name) => !environment[name]);
  if (missing.length === REQUIRED.length) return null;
  if (missing.length > 0) {
    const given = REQUIRED.filter((name) => environment[name]);
    throw new StackError(
      `${given.join(', ')} name services of your own, and ${missing.join(', ')} must then be set too (or unset all of them to run local ones).`,
    );
  }
  const value = (name: (typeof REQUIRED)[number]): string => environment[name] ?? '';
  return {
    source: 'environment',
    description: `addresses from the environment: Kafka ${value('KAFKA_BROKERS')}, registry ${value('SCHEMA_REGISTRY_URL')}`,
    kafkaBrokers: value('KAFKA_BROKERS'),
    schemaRegistryUrl: value('SCHEMA_REGISTRY_URL'),
    postgresAdminUrl: null,
    databases: {
      gateway: value('GATEWAY_DATABASE_URL'),
      accounts: value('ACCOUNTS_DATABASE_URL'),
      notifier: value('NOTIFIER_DATABASE_URL'),
      contacts: value('CONTACTS_DATABASE_URL'),
    },
    personalDataKey: environment.PERSONAL_DATA_KEY ?? readSecrets(folder.path).personalDataKey,
    pids: {},
    stop: () => Promise.resolve(),
  };
}
