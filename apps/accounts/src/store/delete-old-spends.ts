// Forgets what was spent so long ago that no rule looks at it any more.
import type { Transaction } from '@paystream/database';
import type { FoldedBatch } from '@paystream/ledger';
import { WINDOW_SECONDS_MAX } from '@paystream/risk';

const SECONDS_PER_DAY = 86_400n;
const MICROS_PER_SECOND = 1_000_000n;
/** A day more than the longest window a rule can have, for records that come late. */
const KEPT_MICROS = (WINDOW_SECONDS_MAX + SECONDS_PER_DAY) * MICROS_PER_SECOND;

/**
 * Deletes what the subjects of a batch's spends spent too long before them. Judged by the events' own time: books derived
 * anew from an old log have to find what these found.
 */
export async function deleteOldSpends(transaction: Transaction, spends: FoldedBatch['spends']): Promise<void> {
  if (spends.length === 0) return;
  await transaction.execute({
    name: 'delete-old-spends',
    text: `DELETE FROM spends
            USING (SELECT subject, min(before) AS before FROM unnest($1::text[], $2::bigint[]) AS spent(subject, before)
                    GROUP BY subject) AS touched
            WHERE spends.subject = touched.subject AND spends.requested_at < touched.before`,
    values: [spends.map(({ subject }) => subject), spends.map(({ spend }) => spend.requestedAt - KEPT_MICROS)],
  });
}
