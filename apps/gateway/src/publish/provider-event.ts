// Publishes what providers told us, in the order in which they did, from the table that is also its outbox.
import type { Database } from '@paystream/database';
import type { Codec, OutgoingRecord, Publisher } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { factIdOf } from '@paystream/payments';
import type { ProviderEvent } from '@paystream/topics';
import { lockUnpublishedEvents } from '../store/lock-unpublished-events.ts';
import { markEventsPublished } from '../store/mark-events-published.ts';
import { PRODUCER_VERSION, SOURCE } from './source.ts';

const TOPIC = 'provider.event';
const EVENTS_MAX = 500;

export interface PublishProviderEventsOptions {
  database: Database;
  codec: Codec;
  publisher: Publisher;
}

/** Publishes what no gateway has published yet; one gateway at a time, or events could overtake each other. */
export async function publishProviderEvents({
  database,
  codec,
  publisher,
}: PublishProviderEventsOptions): Promise<void> {
  await database.transaction(async (transaction) => {
    const events = await lockUnpublishedEvents(transaction, EVENTS_MAX);
    if (events.length === 0) return;
    await publisher.publish(events.map((event) => toRecord(codec, event)));
    await markEventsPublished(transaction, events);
  });
}

function toRecord(codec: Codec, event: ProviderEvent): OutgoingRecord {
  const { provider, providerEventId, providerReference, merchantId, environment, paymentId, receivedAt } = event;
  const headers = eventHeaders({
    id: factIdOf(provider, providerEventId),
    type: TOPIC,
    source: SOURCE,
    timeMicros: receivedAt,
    subject: providerReference,
    merchantId,
    environment,
    correlationId: paymentId ?? providerReference,
    causationId: null,
    producerVersion: PRODUCER_VERSION,
  });
  return {
    topic: TOPIC,
    partition: null,
    key: Buffer.from(providerReference),
    value: codec.encode(TOPIC, event),
    headers,
  };
}
