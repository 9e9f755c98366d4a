// Stores what merchants say against disputes, sealed, and reads it.
import type { Queryable, Transaction } from '@paystream/database';

/** Gives where the dispute stands, locked, and whether its time is over; undefined when it is another merchant's. */
export async function lockForEvidence(
  transaction: Transaction,
  { uuid, merchantUuid, environment }: { uuid: string; merchantUuid: string; environment: string },
): Promise<{ status: string; isPastDue: boolean; keySealed: Buffer | null } | undefined> {
  const [row] = await transaction.query<{ status: string; is_past_due: boolean; key_sealed: Buffer | null }>({
    text: `SELECT d.status, coalesce(d.due_by <= now(), false) AS is_past_due, c.key_sealed
             FROM disputes AS d LEFT JOIN customers AS c ON c.id = d.customer_id
            WHERE d.id = $1 AND d.merchant_id = $2 AND d.environment = $3 FOR NO KEY UPDATE OF d`,
    values: [uuid, merchantUuid, environment],
  });
  return row && { status: row.status, isPastDue: row.is_past_due, keySealed: row.key_sealed };
}

/** With 20,000 characters each, what a page of disputes can still hold in memory. */
const EVIDENCE_PER_DISPUTE_MAX = 20;

/** Stores it, and says that the dispute is looked at; false when the dispute, which is locked, has as much as it may. */
export async function insertEvidence(
  transaction: Transaction,
  { disputeUuid, textSealed }: { disputeUuid: string; textSealed: Buffer },
): Promise<boolean> {
  const count = await transaction.execute({
    text: `WITH said AS (
             INSERT INTO dispute_evidence (dispute_id, text_sealed)
             SELECT $1, $2 WHERE (SELECT count(*) FROM dispute_evidence WHERE dispute_id = $1) < $3
             RETURNING dispute_id
           )
           UPDATE disputes SET status = 'under_review', updated_at = now() WHERE id IN (SELECT dispute_id FROM said)`,
    values: [disputeUuid, textSealed, EVIDENCE_PER_DISPUTE_MAX],
  });
  return count === 1;
}

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
