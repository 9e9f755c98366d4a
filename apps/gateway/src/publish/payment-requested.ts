// Turns an accepted operation into its record on payment.requested: the same record however often it is published.
import type { Codec, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import type { Operation } from '@paystream/payments';
import { keyOfOperation } from '@paystream/payments';
import type { Terms } from '@paystream/topics';
import { completeTerms } from '../intake/terms.ts';
import { PRODUCER_VERSION, SOURCE } from './source.ts';

const TOPIC = 'payment.requested';

/** What of an accepted operation the record carries: ids, amounts and codes; never a person. */
export interface RequestedOperation {
  /** pay_…, re_…, … */
  id: string;
  operation: Operation;
  paymentId: string;
  merchantId: string;
  environment: string;
  customerId: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  terms: Partial<Terms>;
  merchantVersion: bigint;
  requestedAtMicros: bigint;
  /** The caller's, or null. */
  traceparent: string | null;
}

export function toPaymentRequested(codec: Codec, requested: RequestedOperation): OutgoingRecord {
  const { id, operation, paymentId, merchantId, environment, customerId, requestedAtMicros } = requested;
  const value = codec.encode(TOPIC, {
    operationId: id,
    operation,
    paymentId,
    environment,
    merchantId,
    customerId,
    amountMinor: requested.amountMinor,
    currency: requested.currency,
    requestedAt: requestedAtMicros,
    merchantVersion: requested.merchantVersion,
    ...completeTerms(operation, requested.terms, requestedAtMicros),
  });
  const key = keyOfOperation({ operation, paymentId, merchantId, customerId });
  const headers = eventHeaders({
    // One requested record per operation, so its id is unique among events of this type and source.
    id,
    type: TOPIC,
    source: SOURCE,
    timeMicros: requestedAtMicros,
    subject: id,
    merchantId,
    environment,
    correlationId: paymentId,
    causationId: null,
    traceparent: requested.traceparent ?? traceparentOf(id),
    producerVersion: PRODUCER_VERSION,
  });
  return { topic: TOPIC, partition: null, key: Buffer.from(key), value, headers };
}

const SPAN_DIGITS = 16;

/** A trace for a request that brought none: named after the operation, so that a republished record keeps it. */
function traceparentOf(id: string): string {
  const hex = id.slice(id.indexOf('_') + 1);
  return `00-${hex}-${hex.slice(-SPAN_DIGITS)}-01`;
}
