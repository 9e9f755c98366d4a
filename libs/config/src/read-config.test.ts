// The environment is read into typed values, or refused with every fault and its remedy.
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { commonProperties, databaseUrl, kafkaConnection, kafkaProperties, port } from './properties.ts';
import { readConfig } from './read-config.ts';

const schema = Type.Object({
  ...commonProperties,
  ...kafkaProperties,
  EXAMPLE_DATABASE_URL: databaseUrl('the example'),
  EXAMPLE_PORT: port(8080, 'the example'),
});

const valid = {
  KAFKA_BROKERS: 'one:9092, two:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8081',
  EXAMPLE_DATABASE_URL: 'postgres://user:hunter2@127.0.0.1/example',
};

function faultsOf(environment: NodeJS.ProcessEnv): ConfigError {
  try {
    readConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('a complete environment', () => {
  it('becomes typed values, with defaults for what is not set', () => {
    const config = readConfig(schema, { ...valid, KAFKA_SSL: 'true', EXAMPLE_PORT: '0', UNKNOWN: 'ignored' });
    expect(config).toEqual({
      LOG_LEVEL: 'info',
      HEALTH_HOST: '127.0.0.1',
      KAFKA_BROKERS: ['one:9092', 'two:9092'],
      KAFKA_SSL: true,
      KAFKA_TOPIC_PREFIX: '',
      KAFKA_PAYMENT_PARTITIONS: 6,
      SCHEMA_REGISTRY_URL: 'http://registry:8081',
      EXAMPLE_DATABASE_URL: 'postgres://user:hunter2@127.0.0.1/example',
      EXAMPLE_PORT: 0,
    });
  });

  it('counts an empty variable as not set', () => {
    expect(readConfig(schema, { ...valid, EXAMPLE_PORT: '', KAFKA_SASL_MECHANISM: '' }).EXAMPLE_PORT).toBe(8080);
  });

  it('gives the messaging room its connection, with a login only when one is set', () => {
    const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(kafkaConnection(readConfig(schema, valid))).not.toHaveProperty('sasl');
    expect(kafkaConnection(readConfig(schema, { ...valid, ...login }))).toEqual({
      brokers: ['one:9092', 'two:9092'],
      ssl: false,
      sasl: { mechanism: 'plain', username: 'u', password: 'p' },
      topicPrefix: '',
      registryUrl: 'http://registry:8081',
    });
  });
});

describe('an environment with faults', () => {
  it('is refused with all of them, each with its remedy', () => {
    const { faults, message } = faultsOf({
      KAFKA_BROKERS: 'localhost',
      EXAMPLE_DATABASE_URL: valid.EXAMPLE_DATABASE_URL,
      EXAMPLE_PORT: '80.5',
    });
    expect(faults.map(({ name, problem }) => `${name} ${problem}`)).toEqual([
      'KAFKA_BROKERS does not have the right form',
      'SCHEMA_REGISTRY_URL is not set',
      'EXAMPLE_PORT is not a whole number',
    ]);
    expect(message).toContain('Set it to the addresses of the Kafka brokers as host:port, separated by commas, e.g.');
    expect(message).toContain('Set it to the URL of a registry that speaks the Confluent API, e.g.');
    expect(message).toContain('Set it to the port of the example, 0 for any that is free, e.g. 8080.');
  });

  it.each([
    [{ EXAMPLE_PORT: '65536' }, 'EXAMPLE_PORT'],
    [{ EXAMPLE_PORT: '8e3' }, 'EXAMPLE_PORT'],
    [{ KAFKA_SSL: 'yes' }, 'KAFKA_SSL'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ KAFKA_BROKERS: ',' }, 'KAFKA_BROKERS'],
    [{ KAFKA_TOPIC_PREFIX: 'a b' }, 'KAFKA_TOPIC_PREFIX'],
    [{ EXAMPLE_DATABASE_URL: 'mysql://x' }, 'EXAMPLE_DATABASE_URL'],
  ])('%j is one fault of %s', (environment, name) => {
    expect(faultsOf({ ...valid, ...environment }).faults.map((fault) => fault.name)).toEqual([name]);
  });

  it('names what a login lacks', () => {
    const { faults } = faultsOf({ ...valid, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' });
    expect(faults.map(({ name }) => name)).toEqual(['KAFKA_SASL_PASSWORD']);
  });

  it('never repeats a value, for it may be a secret', () => {
    const environment = { ...valid, EXAMPLE_DATABASE_URL: 'hunter2', EXAMPLE_PORT: 'hunter2', KAFKA_SSL: 'hunter2' };
    expect(faultsOf(environment).message).not.toContain('hunter2');
  });
});
