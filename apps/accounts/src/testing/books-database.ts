// Gives store tests an empty database with the accounts' schema, and takes it away afterwards.
import type { Database } from '@paystream/database';
import { createDatabase } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';

export interface BooksDatabase {
  url: string;
  database: Database;
  drop(): Promise<void>;
}

export async function createBooksDatabase(): Promise<BooksDatabase> {
  const testDatabase = await createTestDatabase();
  const logger = createLogger({ name: 'accounts-store-test', level: 'fatal' });
  const database = createDatabase({ url: testDatabase.url, name: 'accounts', logger });
  await database.migrate(new URL('../../migrations/', import.meta.url));
  const drop = async (): Promise<void> => {
    await database.close();
    await testDatabase.drop();
  };
  return { url: testDatabase.url, database, drop };
}
