// Shows that nobody edits the books: not the app's own role, which owns them, and not a superuser either.
import { createDatabase } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase, randomName } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BooksDatabase } from '../testing/books-database.ts';
import { createBooksDatabase } from '../testing/books-database.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await createBooksDatabase();
});

afterAll(() => books.drop());

const edits = ['UPDATE postings SET amount = 1', 'DELETE FROM postings', 'TRUNCATE postings'].flatMap((text) => [
  text,
  text.replace('postings', 'operations').replace('amount = 1', "outcome = 'failed'"),
  text.replace('postings', 'corrections').replace('amount = 1', "operation_id = 'cor_'"),
]);

test.each(edits)('a superuser is refused by the trigger: %s', async (text) => {
  await expect(books.database.execute({ text })).rejects.toThrow(/is append-only/);
});

test('the role that runs the migrations may add and read, and is refused the rest by its rights', async () => {
  const testDatabase = await createTestDatabase();
  const role = randomName('role');
  const logger = createLogger({ name: 'append-only-test', level: 'fatal' });
  await books.database.execute({ text: `CREATE ROLE ${role} LOGIN PASSWORD '${role}'` });
  await books.database.execute({ text: `ALTER DATABASE ${testDatabase.name} OWNER TO ${role}` });
  const url = new URL(testDatabase.url);
  url.username = role;
  url.password = role;
  const database = createDatabase({ url: url.href, name: 'accounts', logger });
  try {
    await database.migrate(new URL('../../migrations/', import.meta.url));
    const text = `INSERT INTO postings (ledger_number, index, line, debit_account, credit_account, currency, amount)
                  VALUES (1, 0, 0, 'a', 'b', 'USD', 1)`;
    expect(await database.execute({ text })).toBe(1);
    expect(await database.query({ text: 'SELECT account_id, amount FROM signed_lines ORDER BY amount' })).toEqual([
      { account_id: 'a', amount: -1n },
      { account_id: 'b', amount: 1n },
    ]);
    for (const edit of edits) await expect(database.execute({ text: edit })).rejects.toThrow(/permission denied/);
  } finally {
    await database.close();
    await testDatabase.drop();
    await books.database.execute({ text: `DROP ROLE ${role}` });
  }
});
