// Shows how accounts come into being, are locked, read and written by several batches at once.
import type { Transaction } from '@paystream/database';
import {
  OffsetMovedError,
  QUERY_CANCELED,
  classifyError,
  createDatabase,
  readOffset,
  sqlStateOf,
} from '@paystream/database';
import type { Account } from '@paystream/ledger';
import { compareIds, newAccount } from '@paystream/ledger';
import { randomId } from '@paystream/testkit';
import { createDeferred } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BooksDatabase } from '../testing/books-database.ts';
import { createBooksDatabase } from '../testing/books-database.ts';
import { insertMissingAccounts } from './insert-missing-accounts.ts';
import { lockAccounts } from './lock-accounts.ts';
import { saveDecisions } from './save-decisions.ts';
import { runPart } from './save-part.ts';
import { accountsPart } from './update-accounts.ts';
import { AccountsBusyError, waitForOthers } from './wait-for-others.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await createBooksDatabase();
});

afterAll(() => books.drop());

/** New wallets, sorted as accounts always are. */
function newWallets(count: number): Account[] {
  const wallets = Array.from({ length: count }, () => newAccount(`test:wallet:${randomId('cus')}:USD`));
  return wallets.toSorted((a, b) => compareIds(a.id, b.id));
}

function update(transaction: Transaction, account: Account, before: Account): Promise<number> {
  return runPart(transaction, accountsPart, { accounts: [account], before: new Map([[before.id, before]]) });
}

describe('missing accounts', () => {
  test('come into being at zero, and are left alone when they are there', async () => {
    const [wallet, other] = newWallets(2);
    if (wallet === undefined || other === undefined) throw new Error('two wallets were asked for');
    await books.database.transaction(async (transaction) => {
      await insertMissingAccounts(transaction, [wallet]);
      await update(transaction, { ...wallet, postedMinor: 5n, version: 1n }, wallet);
      await insertMissingAccounts(transaction, [wallet, other]);
      const loaded = await lockAccounts(transaction, [wallet, other]);
      expect(loaded.get(wallet.id)).toEqual({ ...wallet, postedMinor: 5n, version: 1n });
      expect(loaded.get(other.id)).toEqual(other);
    });
  });

  test('made by many batches at once meet without a deadlock', async () => {
    const wallets = newWallets(200);
    const makeAndLock = () =>
      books.database.transaction(async (transaction) => {
        const some = wallets.filter(() => Math.random() < 0.7);
        await insertMissingAccounts(transaction, some);
        await lockAccounts(transaction, some);
      });
    const attempts = Array.from({ length: 24 }, makeAndLock);
    await expect(Promise.all(attempts)).resolves.toHaveLength(24);
  });
});

describe('locked accounts', () => {
  test('are read as the batch before left them, never as they were before the wait', async () => {
    const [wallet] = newWallets(1);
    if (wallet === undefined) throw new Error('one wallet was asked for');
    await books.database.transaction((transaction) => insertMissingAccounts(transaction, [wallet]));
    const isLocked = createDeferred();
    const mayGoOn = createDeferred();
    const first = books.database.transaction(async (transaction) => {
      await lockAccounts(transaction, [wallet]);
      isLocked.resolve();
      await mayGoOn.promise;
      await update(transaction, { ...wallet, postedMinor: 9n, heldMinor: 4n, version: 1n }, wallet);
    });
    await isLocked.promise;
    const second = books.database.transaction(async (transaction) => {
      return await lockAccounts(transaction, [wallet]);
    });
    mayGoOn.resolve();
    await first;
    expect((await second).get(wallet.id)).toMatchObject({ postedMinor: 9n, heldMinor: 4n, version: 1n });
  });

  test('that others hold for too long are no fault of the records, however often that happens', async () => {
    const [wallet] = newWallets(1);
    if (wallet === undefined) throw new Error('one wallet was asked for');
    await books.database.transaction((transaction) => insertMissingAccounts(transaction, [wallet]));
    const logger = createLogger({ name: 'accounts-store-test', level: 'fatal' });
    const impatient = createDatabase({ url: books.url, name: 'impatient', logger, statementTimeoutMs: 100 });
    await books.database.transaction(async (transaction) => {
      await lockAccounts(transaction, [wallet]);
      const waiting = impatient.transaction((other) => waitForOthers(() => lockAccounts(other, [wallet])));
      const error: unknown = await waiting.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AccountsBusyError);
      expect(classifyError(error)).toBe('transient');
      expect(sqlStateOf(error)).not.toBe(QUERY_CANCELED);
    });
    await impatient.close();
  });

  test('must exist', async () => {
    const wallets = newWallets(2);
    const locking = books.database.transaction((transaction) => lockAccounts(transaction, wallets));
    await expect(locking).rejects.toThrow('2 accounts of a batch have no row');
  });
});

describe('changed accounts', () => {
  test('are not written when their version is not the one that was read', async () => {
    const [wallet] = newWallets(1);
    if (wallet === undefined) throw new Error('one wallet was asked for');
    await books.database.transaction((transaction) => insertMissingAccounts(transaction, [wallet]));
    const before = { ...wallet, version: 7n };
    const move = { group: 'accounts', topic: randomId('topic'), partition: 0, from: 0n, to: 1n };
    await readOffset(books.database, move);
    const rows = { move, ledgerNumber: 1n, decided: [], newPayments: [], shardOf: () => 0, events: [] };
    const accounts = [{ ...before, version: 8n }];
    const save = (from: bigint, known: Account) =>
      books.database.transaction((transaction) =>
        saveDecisions(transaction, {
          ...rows,
          move: { ...move, from },
          accounts,
          before: new Map([[wallet.id, known]]),
        }),
      );
    await expect(save(0n, before)).rejects.toThrow('accounts changed under a batch that holds their locks');
    await expect(save(3n, wallet)).rejects.toThrow(OffsetMovedError);
    expect(await readOffset(books.database, move)).toBe(0n);
    await save(0n, wallet);
    expect(await readOffset(books.database, move)).toBe(1n);
  });

  test('keep what a command set and what was spent', async () => {
    const wallet = newAccount(`test:wallet:${randomId('cus')}:USD`);
    const changed: Account = {
      ...wallet,
      status: 'frozen',
      postedMinor: -3_00n,
      heldMinor: 1_00n,
      overdraftMinor: 4_00n,
      dailyAmountMinor: 50_00n,
      dailyCount: 3n,
      spentDay: 20_697n,
      spentMinor: 7_00n,
      spentCount: 2n,
      version: 1n,
    };
    const unlimited: Account = { ...changed, dailyAmountMinor: null, dailyCount: null, version: 2n };
    await books.database.transaction(async (transaction) => {
      await insertMissingAccounts(transaction, [wallet]);
      await update(transaction, changed, wallet);
      expect((await lockAccounts(transaction, [wallet])).get(wallet.id)).toEqual(changed);
      await update(transaction, unlimited, changed);
      expect((await lockAccounts(transaction, [wallet])).get(wallet.id)).toEqual(unlimited);
    });
  });

  test.each([
    ['a wallet below zero', 'wallet', -1n, false],
    ['a wallet at zero', 'wallet', 0n, true],
    ['a receivable below zero', 'receivable', -1n, true],
    ['beyond 2^62', 'wallet', 2n ** 62n + 1n, false],
    ['at 2^62', 'wallet', 2n ** 62n, true],
  ])('the database stands behind the fold: %s', async (_case, kind, postedMinor, isAllowed) => {
    const account = newAccount(`test:${kind}:${randomId('cus')}:USD`);
    const writing = books.database.transaction(async (transaction) => {
      await insertMissingAccounts(transaction, [account]);
      await update(transaction, { ...account, postedMinor, version: 1n }, account);
    });
    if (isAllowed) await expect(writing).resolves.toBeUndefined();
    else await expect(writing).rejects.toThrow(/violates check constraint/);
  });
});
