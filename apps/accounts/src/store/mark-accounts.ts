// Notes which accounts have a state that account.updated does not show yet.
import type { Transaction } from '@paystream/database';
import type { Account } from '@paystream/ledger';

/** Marks the accounts (sorted by id) with their new versions; `shardOf` says whose publisher will take the mark. */
export async function markAccounts(
  transaction: Transaction,
  accounts: readonly Account[],
  shardOf: (accountId: string) => number,
): Promise<void> {
  if (accounts.length === 0) return;
  await transaction.execute({
    name: 'mark-accounts',
    text: `INSERT INTO account_marks (shard, account_id, version)
           SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[])
           ON CONFLICT (shard, account_id) DO UPDATE SET version = EXCLUDED.version`,
    values: [
      accounts.map((account) => shardOf(account.id)),
      accounts.map((account) => account.id),
      accounts.map((account) => account.version),
    ],
  });
}
