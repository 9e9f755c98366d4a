/** Gives a test an empty database of its own, and takes it away afterwards. */

import { createDatabase } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { randomName } from './test-ids.ts';
import { testServices } from './test-services.ts';

export interface TestDatabase {
  /** Connection URL; the role owns the database. */
  readonly url: string;
  readonly name: string;
  /** Removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 30_000;

export async function createTestDatabase(): Promise<TestDatabase> {
  const { postgresUrl } = testServices();
  const name = randomName('test');
  await runAsAdmin(postgresUrl, `create database ${name}`);
  return {
    url: databaseUrl(postgresUrl, name),
    name,
    drop: () => runAsAdmin(postgresUrl, `drop database if exists ${name} with (force)`),
  };
}

function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function runAsAdmin(url: string, text: string): Promise<void> {
  const logger = createLogger({ name: 'testkit', level: 'error' });
  const admin = createDatabase({
    url,
    name: 'testkit',
    logger,
    poolSizeMax: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    await admin.query({ text });
  } finally {
    await admin.close();
  }
}
