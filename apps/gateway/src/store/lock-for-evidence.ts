// Locks a merchant's dispute while evidence is added to it.
import type { Transaction } from '@paystream/database';

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
