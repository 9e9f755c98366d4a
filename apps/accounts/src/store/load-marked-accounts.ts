// Reads the newest state of accounts whose last change has not been published yet.
import type { Queryable } from '@paystream/database';
import type { Account } from '@paystream/ledger';
import { newAccount } from '@paystream/ledger';
import type { AccountRow } from './account-row.ts';
import { ACCOUNT_COLUMNS, accountFromRow } from './account-row.ts';

export interface MarkedAccount extends Account {
  /** Microseconds since the epoch, UTC. */
  readonly updatedAt: bigint;
}

/** At most `limit` marked accounts of a shard, by id. */
export async function loadMarkedAccounts(
  database: Queryable,
  { shard, limit }: { shard: number; limit: number },
): Promise<MarkedAccount[]> {
  const rows = await database.query<AccountRow & { id: string; updated_at: bigint }>({
    name: 'load-marked-accounts',
    text: `SELECT id, ${ACCOUNT_COLUMNS}, (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at
             FROM (SELECT account_id AS id FROM account_marks WHERE shard = $1 ORDER BY account_id LIMIT $2) AS marked
             JOIN accounts USING (id) ORDER BY id`,
    values: [shard, limit],
  });
  return rows.map((row) => ({ ...accountFromRow(newAccount(row.id), row), updatedAt: row.updated_at }));
}
