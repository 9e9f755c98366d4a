// Shows that no state of an account is forgotten between a batch that marks it and the publisher that clears the mark.
import type { Account } from '@paystream/ledger';
import { compareIds, newAccount } from '@paystream/ledger';
import { randomId } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BooksDatabase } from '../testing/books-database.ts';
import { createBooksDatabase } from '../testing/books-database.ts';
import { clearMarks } from './clear-marks.ts';
import { insertMissingAccounts } from './insert-missing-accounts.ts';
import { loadMarkedAccounts } from './load-marked-accounts.ts';
import { marksPart } from './mark-accounts.ts';
import { runPart } from './save-part.ts';
import { accountsPart } from './update-accounts.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await createBooksDatabase();
});

afterAll(() => books.drop());

const LIMIT = 100;

/** A batch that raises each account by one version, and marks it for this shard. */
async function change(accounts: readonly Account[], shard: number): Promise<Account[]> {
  return await books.database.transaction(async (transaction) => {
    await insertMissingAccounts(transaction, accounts);
    const changed = accounts.map((account) => ({ ...account, version: account.version + 1n }));
    const before = new Map(accounts.map((account) => [account.id, account]));
    await runPart(transaction, accountsPart, { accounts: changed, before });
    await runPart(transaction, marksPart, { accounts: changed, shardOf: () => shard });
    return changed;
  });
}

function newWallets(count: number): Account[] {
  const wallets = Array.from({ length: count }, () => newAccount(`test:wallet:${randomId('cus')}:USD`));
  return wallets.toSorted((a, b) => compareIds(a.id, b.id));
}

const versionsOf = (accounts: readonly Account[]) => accounts.map(({ id: account, version }) => ({ account, version }));

test('a marked account shows its newest state, and only to its own shard', async () => {
  const changed = await change(await change(newWallets(2), 1), 1);
  expect(await loadMarkedAccounts(books.database, { shard: 2, limit: LIMIT })).toEqual([]);
  const marked = await loadMarkedAccounts(books.database, { shard: 1, limit: LIMIT });
  expect(marked).toMatchObject(changed);
  await clearMarks(books.database, { shard: 1, published: versionsOf(marked) });
  expect(await loadMarkedAccounts(books.database, { shard: 1, limit: LIMIT })).toEqual([]);
});

test('an account that changed while it was published keeps its mark', async () => {
  const first = await change(newWallets(2), 3);
  const published = await loadMarkedAccounts(books.database, { shard: 3, limit: LIMIT });
  const [again] = await change(first.slice(0, 1), 3);
  await clearMarks(books.database, { shard: 3, published: versionsOf(published) });
  expect(await loadMarkedAccounts(books.database, { shard: 3, limit: LIMIT })).toMatchObject([{ ...again }]);
});

test('clearing waits for no batch', async () => {
  const wallets = await change(newWallets(1), 4);
  const published = await loadMarkedAccounts(books.database, { shard: 4, limit: LIMIT });
  await books.database.transaction(async (transaction) => {
    const accounts = wallets.map((wallet) => ({ ...wallet, version: 9n }));
    await runPart(transaction, marksPart, { accounts, shardOf: () => 4 });
    await clearMarks(books.database, { shard: 4, published: versionsOf(published) });
  });
  const marks = await books.database.query({ text: 'SELECT version FROM account_marks WHERE shard = 4' });
  expect(marks).toEqual([{ version: 9n }]);
});
