// Reads the newest state of accounts whose last change has not been published yet.
import type { Queryable } from '@paystream/database';
import type { Account, AccountStatus } from '@paystream/ledger';
import { newAccount } from '@paystream/ledger';

export interface MarkedAccount extends Account {
  /** Microseconds since the epoch, UTC. */
  readonly updatedAt: bigint;
}

interface Row {
  id: string;
  status: AccountStatus;
  posted: bigint;
  held: bigint;
  overdraft: bigint;
  version: bigint;
  updated_at: bigint;
}

/** At most `limit` marked accounts of a shard, by id. */
export async function loadMarkedAccounts(
  database: Queryable,
  { shard, limit }: { shard: number; limit: number },
): Promise<MarkedAccount[]> {
  const rows = await database.query<Row>({
    name: 'load-marked-accounts',
    text: `SELECT a.id, a.status, a.posted, a.held, a.overdraft, a.version,
                  (extract(epoch FROM a.updated_at) * 1000000)::bigint AS updated_at
             FROM account_marks AS m JOIN accounts AS a ON a.id = m.account_id
            WHERE m.shard = $1 ORDER BY m.account_id LIMIT $2`,
    values: [shard, limit],
  });
  return rows.map(({ id, status, posted, held, overdraft, version, updated_at: updatedAt }) => ({
    ...newAccount(id),
    status,
    postedMinor: posted,
    heldMinor: held,
    overdraftMinor: overdraft,
    version,
    updatedAt,
  }));
}
