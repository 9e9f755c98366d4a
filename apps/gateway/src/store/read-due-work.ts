// Reads whether anything is to be done behind the requests' backs, all of it in one statement: mostly nothing is.
import type { Queryable } from '@paystream/database';

export interface DueWork {
  /** Operations not known to be published. */
  unpublishedCount: number;
  /** Age of the oldest of them in milliseconds; 0 when there is none. */
  unpublishedOldestMs: number;
  hasUnpublishedMerchants: boolean;
  hasUnpublishedEvents: boolean;
  /** Some hold is past its end by the database's clock. */
  hasEndedHolds: boolean;
  /** How many changes there were of what gateways remember. */
  changes: bigint;
}

interface Row {
  count: bigint;
  oldest_ms: bigint;
  merchants: boolean;
  events: boolean;
  holds: boolean;
  changes: bigint;
}

export async function readDueWork(database: Queryable): Promise<DueWork> {
  const [row] = await database.query<Row>({
    name: 'read-due-work',
    text: `SELECT count(*) AS count,
                  coalesce(extract(epoch FROM now() - min(requested_at)) * 1000, 0)::bigint AS oldest_ms,
                  EXISTS (SELECT FROM merchant_versions WHERE published_at IS NULL) AS merchants,
                  EXISTS (SELECT FROM provider_events WHERE published_at IS NULL) AS events,
                  EXISTS (SELECT FROM payment_states
                           WHERE status IN ('authorized', 'partially_captured') AND hold_ends_at <= now()) AS holds,
                  (SELECT version FROM remembered_changes) AS changes
             FROM unpublished_operations`,
  });
  if (row === undefined) throw new Error('what is to be done could not be read');
  return {
    unpublishedCount: Number(row.count),
    unpublishedOldestMs: Number(row.oldest_ms),
    hasUnpublishedMerchants: row.merchants,
    hasUnpublishedEvents: row.events,
    hasEndedHolds: row.holds,
    changes: row.changes,
  };
}
