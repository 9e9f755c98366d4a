// Reads the environment once into a typed value, or lists every fault.
export { ConfigError } from './config-error.ts';
export type { ConfigFault } from './config-error.ts';
export { commonProperties, databaseUrl, kafkaConnection, kafkaProperties, port, rateProperties } from './properties.ts';
export type { KafkaConnection } from './properties.ts';
export { CONFIG_EXIT_CODE, readConfig, readConfigOrExit } from './read-config.ts';
