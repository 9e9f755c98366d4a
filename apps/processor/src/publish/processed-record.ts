// Makes the record of a payment.processed: its place, its key, and the trail of what caused it.
import type { Codec, IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { keyOfOperation } from '@paystream/payments';
import type { PaymentProcessed } from '@paystream/topics';
import { PROCESSOR_VERSION } from '../version.ts';

const TOPIC = 'payment.processed';

/**
 * The record of an event that `source` has caused.
 * @param partition the source's number where the operation already lies in it; null: as its key says
 */
export function toProcessedRecord(
  source: IncomingRecord,
  event: PaymentProcessed,
  { partition, codec }: { partition: number | null; codec: Codec },
): OutgoingRecord {
  return {
    topic: TOPIC,
    partition,
    key: Buffer.from(keyOfOperation(event)),
    value: codec.encode(TOPIC, event),
    headers: headersOf(source, event),
  };
}

/** What of the source's headers is carried on, as text; longer than this it is none of ours. */
const CARRIED_BYTES_MAX = 256;

function headersOf({ headers }: IncomingRecord, event: PaymentProcessed): Record<string, string> {
  const { operationId, pass, merchantId, environment, processedAt } = event;
  const carried = (name: string): string | undefined => {
    const value = headers[name];
    return value === undefined || value.length > CARRIED_BYTES_MAX ? undefined : value.toString();
  };
  return eventHeaders({
    // The same each time this operation is processed: a repetition can be told by it.
    id: `${operationId}.${TOPIC}.${pass}`,
    type: TOPIC,
    source: 'processor',
    timeMicros: processedAt,
    subject: operationId,
    merchantId,
    environment,
    correlationId: carried('correlation_id') ?? operationId,
    causationId: carried('ce_id') ?? operationId,
    traceparent: carried('traceparent') ?? null,
    producerVersion: PROCESSOR_VERSION,
  });
}
