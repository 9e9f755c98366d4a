// Writes where the batch leaves each account it changed: once per account, however many operations changed it.
import type { Transaction } from '@paystream/database';
import type { Account } from '@paystream/ledger';

/**
 * Writes the accounts, each from the version that was read under its lock.
 * @throws Error when one of them has another version by now: the lock was not held, and nothing may be saved
 */
export async function updateAccounts(
  transaction: Transaction,
  accounts: readonly Account[],
  before: ReadonlyMap<string, Account>,
): Promise<void> {
  if (accounts.length === 0) return;
  const written = await transaction.execute({
    name: 'update-accounts',
    text: `UPDATE accounts
              SET status = changed.status, posted = changed.posted, held = changed.held,
                  overdraft = changed.overdraft, daily_amount = changed.daily_amount,
                  daily_count = changed.daily_count, spent_day = changed.spent_day,
                  spent_amount = changed.spent_amount, spent_count = changed.spent_count,
                  version = changed.version, updated_at = now()
             FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                         $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
                    AS changed(id, status, posted, held, overdraft, daily_amount, daily_count, spent_day, spent_amount,
                               spent_count, version, version_before)
            WHERE accounts.id = changed.id AND accounts.version = changed.version_before`,
    values: [
      accounts.map((account) => account.id),
      accounts.map((account) => account.status),
      accounts.map((account) => account.postedMinor),
      accounts.map((account) => account.heldMinor),
      accounts.map((account) => account.overdraftMinor),
      accounts.map((account) => account.dailyAmountMinor),
      accounts.map((account) => account.dailyCount),
      accounts.map((account) => account.spentDay),
      accounts.map((account) => account.spentMinor),
      accounts.map((account) => account.spentCount),
      accounts.map((account) => account.version),
      accounts.map((account) => before.get(account.id)?.version ?? null),
    ],
  });
  if (written !== accounts.length) {
    throw new Error(`${accounts.length - written} accounts changed under a batch that holds their locks`);
  }
}
