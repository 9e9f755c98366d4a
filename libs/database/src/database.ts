// Owns the pool of connections to one database and turns it into the calls other rooms use.
import pg from 'pg';
import type { Logger } from '@paystream/telemetry';
import { STATEMENT_TIMEOUT_MS, connectionConfig } from './connection.ts';
import { listenOn } from './listen.ts';
import { migrate } from './migrate.ts';
import { queryable } from './queryable.ts';
import { withRetry } from './retry.ts';
import { runTransaction } from './transaction.ts';
import type { Database } from './types.ts';

const POOL_SIZE_MAX = 10;

export interface DatabaseOptions {
  url: string;
  /** Shown in logs and in pg_stat_activity. */
  name: string;
  logger: Logger;
  poolSizeMax?: number;
  /** After this long the server cancels a statement (57014). */
  statementTimeoutMs?: number;
  /**
   * Statements of a transaction that are given without waiting for the last one's answer are sent at once: the server
   * executes one while the next is being written. They still run one after the other, and none after one that failed.
   */
  pipelined?: boolean;
  /**
   * Named statements keep the plan of their first run. For statements that read and write by keys: planning each anew took
   * more of the server's time than running it. Without, each is planned for its own values.
   */
  keptPlans?: boolean;
}

/** A database behind a pool; connects with the first statement, so it never throws for a server that is away. */
export function createDatabase({ url, name, logger, poolSizeMax, ...options }: DatabaseOptions): Database {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS, pipelined = false, keptPlans = false } = options;
  const connection = { url, name, statementTimeoutMs, pipelined, keptPlans };
  const pool = new pg.Pool({ ...connectionConfig(connection), max: poolSizeMax ?? POOL_SIZE_MAX });
  // Without these listeners a backend that is killed would end the process.
  pool.on('error', (error) => logger.warn({ database: name, err: error }, 'an idle database connection was lost'));
  pool.on('connect', (client) => {
    client.on('error', (error) => logger.warn({ database: name, err: error }, 'a database connection was lost'));
  });

  const inPool = queryable((query) => pool.query(query));
  const transaction: Database['transaction'] = (work, options) => runTransaction(pool, work, options);
  return {
    name,
    ...inPool,
    transaction,
    transactionWithRetry: (work, options) => withRetry(() => transaction(work, options)),
    listen: (channel, onNotification) => listenOn({ connection, channel, onNotification, logger }),
    migrate: (folder) => migrate({ url, name, folder, logger }),
    close: () => pool.end(),
  };
}
