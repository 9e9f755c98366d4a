/** What running services look like to those who use them, however they were started. */

import type { ServicesSource, StackDatabases } from './stack-file.ts';

export interface Services {
  readonly source: ServicesSource;
  /** One sentence for people: which services these are. */
  readonly description: string;
  /** `host:port`, separated by commas. */
  readonly kafkaBrokers: string;
  /** Base address of the Confluent-compatible API. */
  readonly schemaRegistryUrl: string;
  /** A role that may create databases; null where databases are given one by one. */
  readonly postgresAdminUrl: string | null;
  readonly databases: StackDatabases;
  /** Base64 of 32 bytes: the key over the customers' keys. */
  readonly personalDataKey: string;
  /** Process ids by service, of those that are ours. */
  readonly pids: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}
