/** Takes services from addresses in the environment, all of them or none. */

import type { Services } from './services.ts';
import { StackError } from './stack-error.ts';

const ADDRESSES = [
  'KAFKA_BROKERS',
  'SCHEMA_REGISTRY_URL',
  'GATEWAY_DATABASE_URL',
  'ACCOUNTS_DATABASE_URL',
  'NOTIFIER_DATABASE_URL',
  'CONTACTS_DATABASE_URL',
] as const;
/** Theirs too: what it seals rests in their database, and must not depend on a folder that can be dropped. */
const REQUIRED = [...ADDRESSES, 'PERSONAL_DATA_KEY'] as const;
const HOW_TO_MAKE_A_KEY =
  ' Make PERSONAL_DATA_KEY once with `openssl rand -base64 32`, and keep it: without it no personal field can be read.';

/** The services that the environment names; null when it names none. */
export function givenServices(environment: NodeJS.ProcessEnv): Services | null {
  if (ADDRESSES.every((name) => !environment[name])) return null;
  const missing = REQUIRED.filter((name) => !environment[name]);
  if (missing.length > 0) {
    const given = ADDRESSES.filter((name) => environment[name]);
    const howTo = missing.includes('PERSONAL_DATA_KEY') ? HOW_TO_MAKE_A_KEY : '';
    throw new StackError(
      `${given.join(', ')} name services of your own, and ${missing.join(', ')} must then be set too (or unset all of them to run local ones).${howTo}`,
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
    personalDataKey: value('PERSONAL_DATA_KEY'),
    pids: {},
    stop: () => Promise.resolve(),
  };
}
