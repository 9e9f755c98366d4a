// The environment variables that several apps share, described once.
import { Type } from 'typebox';
import type { Static } from 'typebox';

const PORT_MAX = 65_535;
const PARTITIONS_MAX = 1_000;

/** What every app reads. `FAULT_*` are read by the runtime alone. */
export const commonProperties = {
  LOG_LEVEL: Type.Union(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'trace, debug, info, warn, error, fatal or silent' },
  ),
  HEALTH_HOST: Type.String({
    default: '127.0.0.1',
    description: 'the address on which health and metrics are served',
    examples: ['127.0.0.1'],
  }),
};

/** Broker and registry; give them to the messaging room through `kafkaConnection`. */
export const kafkaProperties = {
  KAFKA_BROKERS: Type.Array(Type.String({ pattern: '^[^\\s:/]+:\\d{1,5}$|^\\[[0-9a-fA-F:]+\\]:\\d{1,5}$' }), {
    minItems: 1,
    description: 'the addresses of the Kafka brokers as host:port, separated by commas',
    examples: ['127.0.0.1:9092'],
  }),
  KAFKA_SSL: Type.Boolean({ default: false, description: 'true when the brokers speak TLS, else false' }),
  KAFKA_SASL_MECHANISM: Type.Optional(
    Type.Union([Type.Literal('plain'), Type.Literal('scram-sha-256'), Type.Literal('scram-sha-512')], {
      description: 'plain, scram-sha-256 or scram-sha-512',
      requires: ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
    }),
  ),
  KAFKA_SASL_USERNAME: Type.Optional(
    Type.String({ description: 'the name with which to log in to the brokers', requires: ['KAFKA_SASL_MECHANISM'] }),
  ),
  KAFKA_SASL_PASSWORD: Type.Optional(
    Type.String({ description: 'the password of KAFKA_SASL_USERNAME', requires: ['KAFKA_SASL_USERNAME'] }),
  ),
  KAFKA_TOPIC_PREFIX: Type.String({
    default: '',
    pattern: '^[a-zA-Z0-9._-]{0,80}$',
    description: 'what precedes every topic, group and transactional id, at most 80 of a-z A-Z 0-9 . _ -',
    examples: ['paystream.'],
  }),
  KAFKA_PAYMENT_PARTITIONS: Type.Integer({
    default: 6,
    minimum: 1,
    maximum: PARTITIONS_MAX,
    description: 'the number of partitions with which the payment topics are created',
    examples: [6],
  }),
  SCHEMA_REGISTRY_URL: Type.String({
    pattern: '^https?://',
    description: 'the URL of a registry that speaks the Confluent API',
    examples: ['http://127.0.0.1:8081/apis/ccompat/v7'],
  }),
};

/** The European Central Bank publishes no rates on weekends and holidays. */
const RATE_AGE_SECONDS = 5 * 86_400;
const RATE_AGE_SECONDS_MAX = 366 * 86_400;

/** Whoever converts, or says what a conversion would give, has to judge by the same age. */
export const rateProperties = {
  FX_RATE_AGE_MAX_SECONDS: Type.Integer({
    default: RATE_AGE_SECONDS,
    minimum: 1,
    maximum: RATE_AGE_SECONDS_MAX,
    description: 'how old a reference rate of real money may be',
    examples: [RATE_AGE_SECONDS],
  }),
};

/** A PostgreSQL URL of one app; `whose` completes "the PostgreSQL database of …". */
export function databaseUrl(whose: string) {
  return Type.String({
    pattern: '^postgres(ql)?://',
    description: `the URL of the PostgreSQL database of ${whose}`,
    examples: ['postgres://user:password@127.0.0.1:5432/name'],
  });
}

/** A TCP port; 0 takes any that is free. */
export function port(portDefault: number, what: string) {
  return Type.Integer({
    default: portDefault,
    minimum: 0,
    maximum: PORT_MAX,
    description: `the port of ${what}, 0 for any that is free`,
    examples: [portDefault],
  });
}

export interface KafkaConnection {
  brokers: string[];
  ssl: boolean;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  topicPrefix: string;
  registryUrl: string;
}

type KafkaConfig = Static<ReturnType<typeof kafkaObject>>;

const kafkaObject = () => Type.Object(kafkaProperties);

/** Of the variables above, what `createMessaging` takes. */
export function kafkaConnection(config: KafkaConfig): KafkaConnection {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  const complete = mechanism !== undefined && username !== undefined && password !== undefined;
  return {
    brokers: config.KAFKA_BROKERS,
    ssl: config.KAFKA_SSL,
    ...(complete ? { sasl: { mechanism, username, password } } : {}),
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
    registryUrl: config.SCHEMA_REGISTRY_URL,
  };
}
