// Reads what merchants said against disputes, sealed as it is.
import type { Queryable } from '@paystream/database';

export interface StoredEvidence {
  disputeUuid: string;
  textSealed: Buffer;
  /** Null once the person was erased. */
  keySealed: Buffer | null;
  createdAtMicros: bigint;
}

/** What was said in these disputes, in order. */
export async function readEvidence(database: Queryable, disputeUuids: readonly string[]): Promise<StoredEvidence[]> {
  const rows = await database.query<{
    dispute_id: string;
    text_sealed: Buffer;
    key_sealed: Buffer | null;
    created_at_micros: bigint;
  }>({
    name: 'read-evidence',
    text: `SELECT e.dispute_id, e.text_sealed, c.key_sealed,
                  (extract(epoch FROM e.created_at) * 1000000)::bigint AS created_at_micros
             FROM dispute_evidence AS e JOIN disputes AS d ON d.id = e.dispute_id
             LEFT JOIN customers AS c ON c.id = d.customer_id
            WHERE e.dispute_id = ANY ($1::uuid[]) ORDER BY e.created_at, e.id`,
    values: [disputeUuids],
  });
  return rows.map((row) => ({
    disputeUuid: row.dispute_id,
    textSealed: row.text_sealed,
    keySealed: row.key_sealed,
    createdAtMicros: row.created_at_micros,
  }));
}
