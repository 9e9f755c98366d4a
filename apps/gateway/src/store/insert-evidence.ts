// Stores what a merchant says against a dispute, sealed.
import type { Transaction } from '@paystream/database';

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
