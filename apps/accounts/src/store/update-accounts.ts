// Writes where the batch leaves each account it changed: once per account, however many operations changed it.
import { rowsParameter } from '@paystream/database';
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
             FROM unnest($1::account_row[]) AS changed
            WHERE accounts.id = changed.id AND accounts.version = changed.version_before`,
  parameters: ({ accounts, before }) => [
    rowsParameter(
      accounts.map((account) => [
        ...[account.id, account.status, account.postedMinor, account.heldMinor, account.overdraftMinor],
        ...[account.dailyAmountMinor, account.dailyCount, account.spentDay, account.spentMinor, account.spentCount],
        ...[account.version, before.get(account.id)?.version ?? null],
      ]),
    ),
  ],
};
