// Stores what a provider told us, once per event of theirs; the table is also the outbox of provider.event.
import type { Queryable } from '@paystream/database';
import type { ProviderEvent } from '@paystream/topics';
import { toEventText } from './provider-event-text.ts';

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
    values: [event.provider, event.providerEventId, operationUuid, merchantUuid, fingerprint, toEventText(event)],
  });
  return count === 1;
}
