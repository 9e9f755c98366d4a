// Notes which accounts have a state that account.updated does not show yet.
import type { Account } from '@paystream/ledger';
import type { SavePart } from './save-part.ts';

export interface MarkRows {
  /** Sorted by id. */
  accounts: readonly Account[];
  /** Whose publisher takes the mark. */
  shardOf: (accountId: string) => number;
}

/** Marks the accounts with their new versions. */
export const marksPart: SavePart<MarkRows> = {
  text: `INSERT INTO account_marks (shard, account_id, version)
         SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[])
         ON CONFLICT (shard, account_id) DO UPDATE SET version = EXCLUDED.version`,
  parameters: ({ accounts, shardOf }) => [
    accounts.map((account) => shardOf(account.id)),
    accounts.map((account) => account.id),
    accounts.map((account) => account.version),
  ],
};
