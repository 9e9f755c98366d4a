// Reads disputes that facts may change.
import type { Transaction } from '@paystream/database';
import type { DisputeRow, StoredDispute } from './stored-dispute.ts';
import { DISPUTE_COLUMNS, toStoredDispute } from './stored-dispute.ts';

/** Those that exist, by uuid, locked against evidence that comes meanwhile. */
export async function lockDisputes(
  transaction: Transaction,
  uuids: readonly string[],
): Promise<Map<string, StoredDispute>> {
  const rows = await transaction.query<DisputeRow>({
    name: 'lock-disputes',
    text: `SELECT ${DISPUTE_COLUMNS} FROM disputes WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [uuids],
  });
  return new Map(rows.map((row) => [row.id, toStoredDispute(row)]));
}
