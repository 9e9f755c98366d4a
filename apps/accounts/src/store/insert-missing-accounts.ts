// Brings accounts into being at zero before they are locked, so that an account nobody has used yet can be locked too.
import type { Account } from '@paystream/ledger';
import type { Queryable } from '@paystream/database';

/** Inserts those of the accounts that have no row, in their order, which must be that of their ids. */
export async function insertMissingAccounts(database: Queryable, accounts: readonly Account[]): Promise<void> {
  await database.execute({
    name: 'insert-missing-accounts',
    text: `INSERT INTO accounts (id, currency, checked)
           SELECT named.id, named.currency, named.checked
             FROM unnest($1::text[], $2::text[], $3::boolean[]) AS named(id, currency, checked)
            WHERE NOT EXISTS (SELECT FROM accounts WHERE accounts.id = named.id)
            ORDER BY named.id COLLATE "C"
           ON CONFLICT DO NOTHING`,
    values: [
      accounts.map((account) => account.id),
      accounts.map((account) => account.currency),
      accounts.map((account) => account.checked),
    ],
  });
}
