/** Where the tests' services are: `npm test` starts them and hands their addresses on in the environment. */

export interface TestServices {
  readonly kafkaBrokers: string;
  readonly schemaRegistryUrl: string;
  /** URL of a role that may create databases and roles. */
  readonly postgresUrl: string;
}

/** The services' addresses; throws a sentence that says how to get them when one is missing. */
export function testServices(environment: NodeJS.ProcessEnv = process.env): TestServices {
  return {
    kafkaBrokers: required(environment, 'TEST_KAFKA_BROKERS'),
    schemaRegistryUrl: required(environment, 'TEST_SCHEMA_REGISTRY_URL'),
    postgresUrl: required(environment, 'TEST_POSTGRES_URL'),
  };
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: run \`npm test\`, which starts the services, or set TEST_* to running ones.`);
  }
  return value;
}
