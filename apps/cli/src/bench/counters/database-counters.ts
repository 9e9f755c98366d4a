// Reads the database server's own counters of commits and statements.

import type { Database } from '@paystream/database';

/** The apps' databases; ours, and the registry's, are not counted. */
const DATABASES = ['gateway', 'accounts', 'notifier'];

/** Loads the statement counter into a server. It counts what clients send, and not what a statement starts inside. */
export const STATEMENT_COUNTER_SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'top',
  'pg_stat_statements.save': 'off',
};

export interface DatabaseCounts {
  readonly commits: number;
  /** BEGIN and COMMIT included; null where the server does not count them. */
  readonly statements: number | null;
}

export interface DatabaseCounters {
  readonly read: () => Promise<DatabaseCounts>;
}

/** `admin` is a connection to a database that is not counted. */
export async function createDatabaseCounters(admin: Database): Promise<DatabaseCounters> {
  const countsStatements = await makeExtension(admin);
  return {
    read: async () => {
      const [row] = await admin.query<{ commits: string }>({
        name: 'commits',
        text: 'SELECT sum(xact_commit)::text AS commits FROM pg_stat_database WHERE datname = ANY($1::text[])',
        values: [DATABASES],
      });
      return { commits: Number(row?.commits ?? 0), statements: countsStatements ? await readStatements(admin) : null };
    },
  };
}

async function readStatements(admin: Database): Promise<number> {
  const [row] = await admin.query<{ calls: string | null }>({
    name: 'statements',
    text: `SELECT sum(calls)::text AS calls FROM pg_stat_statements(false) JOIN pg_database ON oid = dbid
            WHERE datname = ANY($1::text[])`,
    values: [DATABASES],
  });
  return Number(row?.calls ?? 0);
}

async function makeExtension(admin: Database): Promise<boolean> {
  const [loaded] = await admin.query<{ libraries: string }>({
    text: `SELECT current_setting('shared_preload_libraries') AS libraries`,
  });
  if (loaded?.libraries.includes('pg_stat_statements') !== true) return false;
  await admin.execute({ text: 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements' });
  return true;
}
