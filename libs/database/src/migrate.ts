// Brings a database's schema forward to the numbered SQL files of a folder, once, however many processes start together.
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { Logger } from '@paystream/telemetry';
import { connectionConfig } from './connection.ts';

/** Says in the app's database which of its files have run. */
const MIGRATIONS_TABLE = 'schema_migrations';

export interface MigrateOptions {
  url: string;
  name: string;
  /** Holds files named like `0001_first.sql`: plain SQL, forward only, each with all its statements. */
  folder: URL;
  logger: Logger;
}

/**
 * Runs the files that have not run yet, all in one transaction. A second process waits for the first and finds nothing.
 * @throws Error when a file is refused (nothing has changed then) or one was slipped in before others that have run
 */
export async function migrate({ url, name, folder, logger }: MigrateOptions): Promise<void> {
  const log = (message: string) => logger.debug({ database: name }, message.trim());
  const done = await runner({
    // Waiting for another process's migration and building an index may both take longer than a statement should.
    databaseUrl: connectionConfig({ url, name: `${name} migration`, statementTimeoutMs: null }),
    dir: fileURLToPath(folder),
    ignorePattern: '(\\..*|.*(?<!\\.sql))',
    migrationsTable: MIGRATIONS_TABLE,
    direction: 'up',
    singleTransaction: true,
    advisoryLockMode: 'wait',
    logger: { debug: log, info: log, warn: log, error: log },
  });
  if (done.length > 0) logger.info({ database: name, count: done.length }, 'the database schema was brought forward');
}
