// Takes for one gateway the providers' events that are not published yet.
import type { Transaction } from '@paystream/database';
import type { ProviderEvent } from '@paystream/topics';
import { fromEventText } from './provider-event-text.ts';

/** Any number that no other advisory lock of this database uses. */
const PUBLISHING_LOCK = 71_002;

/** At most `limit`, in the order in which they were told; none when another gateway is at it. */
export async function lockUnpublishedEvents(transaction: Transaction, limit: number): Promise<ProviderEvent[]> {
  const [lock] = await transaction.query<{ got: boolean }>({
    text: 'SELECT pg_try_advisory_xact_lock($1) AS got',
    values: [PUBLISHING_LOCK],
  });
  if (lock?.got !== true) return [];
  const rows = await transaction.query<{ event: string }>({
    name: 'unpublished-provider-events',
    text: `SELECT event::text AS event FROM provider_events WHERE published_at IS NULL
            ORDER BY received_at, provider, event_id LIMIT $1`,
    values: [limit],
  });
  return rows.map(({ event }) => fromEventText(event));
}
