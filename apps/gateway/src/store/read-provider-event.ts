// Reads one event that a provider told us.
import type { Queryable } from '@paystream/database';
import type { ProviderEvent } from '@paystream/topics';
import { fromEventText } from './provider-event-text.ts';

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
  return row && { event: fromEventText(row.event), fingerprint: row.fingerprint };
}
