// Writes where the batch leaves each account it changed: once per account, however many operations changed it.
import type { Account } from '@paystream/ledger';
import type { SavePart } from './save-part.ts';

export interface AccountRows {
  accounts: readonly Account[];
  /** As they were read under their locks, by id. */
  before: ReadonlyMap<string, Account>;
}

/** The accounts, each from the version that was read: one with another version by now is not written. */
export const accountsPart: SavePart<AccountRows> = {
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
  parameters: ({ accounts, before }) => [
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
};
