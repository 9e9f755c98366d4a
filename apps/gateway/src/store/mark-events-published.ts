// Marks providers' events as published.
import type { Transaction } from '@paystream/database';
import type { ProviderEvent } from '@paystream/topics';

export async function markEventsPublished(transaction: Transaction, events: readonly ProviderEvent[]): Promise<void> {
  await transaction.execute({
    text: `UPDATE provider_events AS e SET published_at = now()
             FROM unnest($1::text[], $2::text[]) AS p(provider, event_id)
            WHERE e.provider = p.provider AND e.event_id = p.event_id`,
    values: [events.map(({ provider }) => provider), events.map(({ providerEventId }) => providerEventId)],
  });
}
