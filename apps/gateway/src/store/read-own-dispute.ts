// Reads one dispute of a merchant; another merchant's is as if it did not exist.
import type { Queryable } from '@paystream/database';
import type { DisputeRow, StoredDispute } from './stored-dispute.ts';
import { DISPUTE_COLUMNS, toStoredDispute } from './stored-dispute.ts';

export interface DisputeOwner {
  merchantUuid: string;
  environment: string;
}

export async function readOwnDispute(
  database: Queryable,
  uuid: string,
  { merchantUuid, environment }: DisputeOwner,
): Promise<StoredDispute | undefined> {
  const [row] = await database.query<DisputeRow>({
    name: 'read-own-dispute',
    text: `SELECT ${DISPUTE_COLUMNS} FROM disputes WHERE id = $1 AND merchant_id = $2 AND environment = $3`,
    values: [uuid, merchantUuid, environment],
  });
  return row && toStoredDispute(row);
}
