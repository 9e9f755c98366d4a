// Decides the headers of an event of accounts: its own attributes, and the trail of what caused it.
import type { IncomingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { ACCOUNTS_VERSION } from '../version.ts';
import type { BatchPlace, DecidedRecord } from './place.ts';

/** Longer than this a header is none of ours, and is not carried on. */
const CARRIED_BYTES_MAX = 256;

export interface OwnAttributes {
  id: string;
  type: string;
  subject: string;
}

/** Headers of an event caused by a record. */
export function headersOf(
  { record, event }: DecidedRecord,
  { settledAt }: BatchPlace,
  own: OwnAttributes,
): Record<string, string> {
  return eventHeaders({
    ...own,
    source: 'accounts',
    timeMicros: settledAt,
    merchantId: event.merchantId,
    environment: event.environment,
    correlationId: carried(record, 'correlation_id') ?? event.operationId,
    causationId: carried(record, 'ce_id') ?? event.operationId,
    traceparent: carried(record, 'traceparent') ?? null,
    producerVersion: ACCOUNTS_VERSION,
  });
}

function carried({ headers }: IncomingRecord, name: string): string | undefined {
  const value = headers[name];
  return value === undefined || value.length > CARRIED_BYTES_MAX ? undefined : value.toString();
}
