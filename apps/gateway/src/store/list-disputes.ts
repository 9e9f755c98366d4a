// Reads a page of a merchant's disputes, from the newest down.
import type { Queryable } from '@paystream/database';
import type { DisputeOwner } from './read-own-dispute.ts';
import type { DisputeRow, StoredDispute } from './stored-dispute.ts';
import { DISPUTE_COLUMNS, toStoredDispute } from './stored-dispute.ts';

/** The newest first, at most `limit`, those opened before the one named. */
export async function listDisputes(
  database: Queryable,
  { merchantUuid, environment }: DisputeOwner,
  { beforeUuid, limit }: { beforeUuid: string | null; limit: number },
): Promise<StoredDispute[]> {
  const below = beforeUuid === null ? '' : 'AND (opened_at, id) < (SELECT opened_at, id FROM disputes WHERE id = $4)';
  const rows = await database.query<DisputeRow>({
    name: beforeUuid === null ? 'list-disputes-newest' : 'list-disputes-below',
    text: `SELECT ${DISPUTE_COLUMNS} FROM disputes AS d WHERE merchant_id = $1 AND environment = $2 ${below}
            ORDER BY d.opened_at DESC, id DESC LIMIT $3`,
    values: [merchantUuid, environment, limit, ...(beforeUuid === null ? [] : [beforeUuid])],
  });
  return rows.map(toStoredDispute);
}
