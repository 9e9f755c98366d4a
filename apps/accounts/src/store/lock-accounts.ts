// Locks a batch's accounts for as long as the transaction lasts, and reads where they stand.
import type { Account } from '@paystream/ledger';
import type { Transaction } from '@paystream/database';
import type { AccountRow } from './account-row.ts';
import { ACCOUNT_COLUMNS, accountFromRow } from './account-row.ts';

/** Accounts that were taken to exist have no row: rows are never deleted, so the database was set back. Another try makes them. */
export class AccountsMissingError extends Error {
  readonly code = 'accounts_missing';
  readonly retriable = true;

  constructor(count: number) {
    super(`${count} accounts of a batch have no row`);
    this.name = 'AccountsMissingError';
  }
}

/**
 * The accounts as they stand, by id. Waits for and takes the locks in the order of the ids, so that two batches never wait
 * for each other in a ring. All that an account is stands in its row, and a row that was waited for is read as its last
 * writer left it; nothing of another table is read here, which would be as old as the statement's beginning.
 * @throws AccountsMissingError
 */
export async function lockAccounts(
  transaction: Transaction,
  accounts: readonly Account[],
): Promise<Map<string, Account>> {
  const rows = await transaction.query<AccountRow & { id: string }>({
    name: 'lock-accounts',
    text: `SELECT id, ${ACCOUNT_COLUMNS} FROM accounts WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [accounts.map((account) => account.id)],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const locked = new Map<string, Account>();
  for (const account of accounts) {
    const row = byId.get(account.id);
    if (row !== undefined) locked.set(account.id, accountFromRow(account, row));
  }
  if (locked.size !== accounts.length) throw new AccountsMissingError(accounts.length - locked.size);
  return locked;
}
