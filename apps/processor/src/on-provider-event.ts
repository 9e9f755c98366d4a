// Turns a batch of provider.event into payment.processed and dead letters, one for each record, in order.
import type { Batch, Codec, IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import { checkEvent } from './check-event.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { toOutsideEvent } from './publish/outside-event.ts';
import { toProcessedRecord } from './publish/processed-record.ts';
import type { Unfit } from './put-aside.ts';
import { putAside, unreadable } from './put-aside.ts';

export const PROVIDER_TOPIC = 'provider.event';
export const PROVIDER_GROUP_ID = 'processor-provider-events';

export interface OnProviderEventOptions {
  codec: Codec;
  metrics: ProcessorMetrics;
  /** Microseconds since the epoch; written down, never decided by. */
  nowMicros: () => bigint;
}

/**
 * The transform of the provider lane. It keeps nothing at all: the ids of what it writes follow from what was told, so
 * that a batch, or an event, that comes again changes nothing in the books.
 */
export function createOnProviderEvent({ codec, metrics, nowMicros }: OnProviderEventOptions) {
  const toOutgoing = (source: IncomingRecord, processedAt: bigint): OutgoingRecord => {
    const decoded = codec.decode(PROVIDER_TOPIC, source.value);
    if (!decoded.ok) return toDeadLetter(source, unreadable(decoded));
    const checked = checkEvent(decoded.value, source.key);
    if (!checked.ok) return toDeadLetter(source, { class: 'business', reason: checked.reason });
    const event = toOutsideEvent(checked.event, processedAt);
    metrics.operations.inc({ operation: event.operation, kind: event.kind });
    // The provider's reference is the key here and the payer's id there: each lies in a partition of its own.
    return toProcessedRecord(source, event, { partition: null, codec });
  };
  const toDeadLetter = (source: IncomingRecord, unfit: Unfit): OutgoingRecord => {
    metrics.deadLetters.inc({ reason: unfit.reason });
    return putAside(source, unfit, PROVIDER_GROUP_ID);
  };
  return async function onProviderEvent({ records }: Batch): Promise<OutgoingRecord[]> {
    await codec.prepare(PROVIDER_TOPIC, records);
    const processedAt = nowMicros();
    const outgoing = records.map((source) => toOutgoing(source, processedAt));
    faultPoint('processor.after_provider_events');
    return outgoing;
  };
}
