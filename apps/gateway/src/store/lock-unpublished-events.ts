// Takes for one gateway the providers' events that are not published yet and whose operations are decided.
import type { Transaction } from '@paystream/database';
import type { ProviderEvent } from '@paystream/topics';
import { fromEventText } from './provider-event-text.ts';

/** Any number that no other advisory lock of this database uses. */
const PUBLISHING_LOCK = 71_002;

/**
 * What is told of an operation waits until accounts has decided that one, so that it is not judged by what happens to be
 * known; no longer than this, for it may never be decided.
 */
const WAIT_SECONDS_MAX = 60;

/** At most `limit`, in the order in which they were told; none when another gateway is at it. */
export async function lockUnpublishedEvents(transaction: Transaction, limit: number): Promise<ProviderEvent[]> {
  const [lock] = await transaction.query<{ got: boolean }>({
    text: 'SELECT pg_try_advisory_xact_lock($1) AS got',
    values: [PUBLISHING_LOCK],
  });
  if (lock?.got !== true) return [];
  const rows = await transaction.query<{ event: string }>({
    name: 'unpublished-provider-events',
    text: `SELECT e.event::text AS event
             FROM provider_events AS e
            CROSS JOIN LATERAL (SELECT substr(e.event ->> 'paymentId', strpos(e.event ->> 'paymentId', '_') + 1)::uuid
                                         AS payment_id) AS about
            WHERE e.published_at IS NULL
              AND (about.payment_id IS NULL
                   OR EXISTS (SELECT FROM outcomes AS u WHERE u.operation_id = about.payment_id)
                   OR EXISTS (SELECT FROM payment_states AS s WHERE s.payment_id = about.payment_id)
                   OR e.received_at < now() - $2 * interval '1 second')
            ORDER BY e.received_at, e.provider, e.event_id LIMIT $1`,
    values: [limit, WAIT_SECONDS_MAX],
  });
  return rows.map(({ event }) => fromEventText(event));
}
