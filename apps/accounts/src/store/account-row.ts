// Says how an account stands in its row: the columns that change, and the account they make.
import type { Account, AccountStatus } from '@paystream/ledger';

/** Every column that a batch can change. */
export const ACCOUNT_COLUMNS =
  'status, posted, held, overdraft, daily_amount, daily_count, spent_day, spent_amount, spent_count, version';

export interface AccountRow {
  status: AccountStatus;
  posted: bigint;
  held: bigint;
  overdraft: bigint;
  daily_amount: bigint | null;
  daily_count: bigint | null;
  spent_day: bigint;
  spent_amount: bigint;
  spent_count: bigint;
  version: bigint;
}

/** The account as its row has it; what its id says of it comes from `account`. */
export function accountFromRow(account: Account, row: AccountRow): Account {
  return {
    ...account,
    status: row.status,
    postedMinor: row.posted,
    heldMinor: row.held,
    overdraftMinor: row.overdraft,
    dailyAmountMinor: row.daily_amount,
    dailyCount: row.daily_count,
    spentDay: row.spent_day,
    spentMinor: row.spent_amount,
    spentCount: row.spent_count,
    version: row.version,
  };
}
