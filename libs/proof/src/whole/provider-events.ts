// Follows what providers told: each record of provider.event is one that the gateway keeps, and each became what it has to.

import type { Differences } from '../differences.ts';
import type { Chunks } from '../inputs.ts';
import type { ToldEvent } from './chain.ts';
import type { AtOffset } from './merchant-views.ts';

const TOPIC = 'provider.event';

export interface EventRecord extends AtOffset {
  readonly value: ToldEvent;
  readonly isPutAside: boolean;
}

export interface ProviderEventsInput {
  /** All of the topic up to an end that was read after the picture. */
  readonly records: Chunks<EventRecord>;
  /** Keys (`provider/event id`) of the picture's events that were published. */
  readonly published: Chunks<{ readonly key: string }>;
  /** Events as they are by now. */
  readonly eventsNow: (
    keys: readonly (readonly [provider: string, eventId: string])[],
  ) => Promise<readonly ToldEvent[]>;
  /** By partition: what lies below was processed before the books were looked at; none when the books are behind. */
  readonly processedBefore: readonly bigint[];
  /** Whether an outside fact, or the end of a pay-out, is on payment.processed. */
  readonly isProcessed: (event: ToldEvent) => boolean;
}

/** Returns the events that were named: what became of them is no further fault. */
export async function checkProviderEvents(input: ProviderEventsInput, differences: Differences): Promise<ToldEvent[]> {
  const named: ToldEvent[] = [];
  const seen = new Set<string>();
  for await (const records of input.records) {
    const now = await input.eventsNow(records.map(({ value }) => [value.provider, value.providerEventId] as const));
    const kept = new Map(now.map((event) => [keyOf(event), event]));
    for (const { value, partition, offset, isPutAside } of records) {
      const event = kept.get(keyOf(value));
      const place = { topic: TOPIC, partition, offset, operationId: value.paymentId ?? value.providerEventId };
      if (event === undefined || say(event) !== say(value)) {
        if (isPutAside) continue;
        named.push(value);
        if (event === undefined) differences.add({ kind: 'record_without_origin', ...place });
        else
          differences.add({
            kind: 'record_not_as_asked',
            ...place,
            field: 'event',
            expected: say(event),
            found: say(value),
          });
        continue;
      }
      seen.add(keyOf(value));
      const isDue = !isPutAside && offset < (input.processedBefore[partition] ?? 0n);
      if (isDue && !input.isProcessed(value)) differences.add({ kind: 'event_not_processed', event: keyOf(value) });
    }
  }
  for await (const chunk of input.published) {
    for (const { key } of chunk) if (!seen.has(key)) differences.add({ kind: 'event_not_published', event: key });
  }
  return named;
}

function keyOf({ provider, providerEventId }: ToldEvent): string {
  return `${provider}/${providerEventId}`;
}

function say(event: ToldEvent): string {
  const { type, environment, merchantId, customerId, paymentId, operationId, disputeId } = event;
  const { amountMinor, feeMinor, currency, receivedAt } = event;
  return [
    ...[type, environment, merchantId, customerId, paymentId, operationId, disputeId],
    ...[amountMinor, feeMinor, currency, receivedAt],
  ].join(' ');
}
