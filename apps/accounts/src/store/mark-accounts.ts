// Notes which accounts have a state that account.updated does not show yet.
import { rowsParameter } from '@paystream/database';
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
         SELECT m.* FROM unnest($1::mark_row[]) AS m
         ON CONFLICT (shard, account_id) DO UPDATE SET version = EXCLUDED.version`,
  parameters: ({ accounts, shardOf }) => [rowsParameter(accounts.map(({ id, version }) => [shardOf(id), id, version]))],
};
