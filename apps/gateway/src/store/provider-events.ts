// Stores what a provider told us, once per event of theirs; the table is also the outbox of provider.event.
import type { Queryable, Transaction } from '@paystream/database';
import type { ProviderEvent } from '@paystream/topics';

export interface NewProviderEvent {
  event: ProviderEvent;
  operationUuid: string;
  merchantUuid: string;
  fingerprint: Buffer;
}

/** False when the event was told before; it is left as it is. */
export async function insertProviderEvent(database: Queryable, told: NewProviderEvent): Promise<boolean> {
  const { event, operationUuid, merchantUuid, fingerprint } = told;
  const count = await database.execute({
    name: 'insert-provider-event',
    text: `INSERT INTO provider_events (provider, event_id, operation_id, merchant_id, fingerprint, event)
           VALUES ($1, $2, $3, $4, $5, $6::json) ON CONFLICT (provider, event_id) DO NOTHING`,
    values: [event.provider, event.providerEventId, operationUuid, merchantUuid, fingerprint, toText(event)],
  });
  return count === 1;
}

export interface StoredProviderEvent {
  event: ProviderEvent;
  fingerprint: Buffer;
}

export async function readProviderEvent(
  database: Queryable,
  { provider, providerEventId }: Pick<ProviderEvent, 'provider' | 'providerEventId'>,
): Promise<StoredProviderEvent | undefined> {
  const [row] = await database.query<{ event: string; fingerprint: Buffer }>({
    name: 'read-provider-event',
    text: 'SELECT event::text AS event, fingerprint FROM provider_events WHERE provider = $1 AND event_id = $2',
    values: [provider, providerEventId],
  });
  return row && { event: fromText(row.event), fingerprint: row.fingerprint };
}

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
  return rows.map(({ event }) => fromText(event));
}

export async function markEventsPublished(transaction: Transaction, events: readonly ProviderEvent[]): Promise<void> {
  await transaction.execute({
    text: `UPDATE provider_events AS e SET published_at = now()
             FROM unnest($1::text[], $2::text[]) AS p(provider, event_id)
            WHERE e.provider = p.provider AND e.event_id = p.event_id`,
    values: [events.map(({ provider }) => provider), events.map(({ providerEventId }) => providerEventId)],
  });
}

const BIGINTS: ReadonlySet<string> = new Set(['amountMinor', 'feeMinor', 'dueBy', 'occurredAt', 'receivedAt']);

function toText(event: ProviderEvent): string {
  return JSON.stringify(event, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function fromText(text: string): ProviderEvent {
  // Written by toText.
  return JSON.parse(text, (name, value: unknown) =>
    typeof value === 'string' && BIGINTS.has(name) ? BigInt(value) : value,
  ) as ProviderEvent;
}
