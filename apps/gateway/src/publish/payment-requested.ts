// Turns an accepted operation into its record on payment.requested: the same record however often it is published.
import type { Codec, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { keyOfOperation } from '@paystream/payments';
import { PRODUCER_VERSION, SOURCE } from './source.ts';

const TOPIC = 'payment.requested';

/** What of an accepted operation the record carries: ids, amounts and codes; never a person. */
export interface RequestedOperation {
  /** pay_… or tu_… */
  id: string;
  operation: 'pay' | 'top_up';
  merchantId: string;
  environment: string;
  customerId: string;
  amountMinor: bigint;
  currency: string;
  merchantVersion: bigint;
  requestedAtMicros: bigint;
  /** The caller's, or null. */
  traceparent: string | null;
}

/** Terms of operations that are not asked for here. */
const NO_TERMS = {
  sourceCurrency: null,
  country: null,
  quote: null,
  authorize: null,
  capture: null,
  cancel: null,
  refund: null,
  transfer: null,
  payOut: null,
  account: null,
  correction: null,
  resolve: null,
  operator: null,
} as const;

/** A payment comes out of the wallet; a top-up, in the sandbox, from nowhere. */
const METHODS = {
  pay: { type: 'wallet', methodId: null },
  top_up: { type: 'sandbox', methodId: null },
} as const;

export function toPaymentRequested(codec: Codec, requested: RequestedOperation): OutgoingRecord {
  const { id, operation, merchantId, environment, customerId, requestedAtMicros } = requested;
  const value = codec.encode(TOPIC, {
    operationId: id,
    operation,
    paymentId: id,
    environment,
    merchantId,
    customerId,
    amountMinor: requested.amountMinor,
    currency: requested.currency,
    requestedAt: requestedAtMicros,
    merchantVersion: requested.merchantVersion,
    method: METHODS[operation],
    ...NO_TERMS,
  });
  const key = keyOfOperation({ operation, paymentId: id, merchantId, customerId });
  const headers = eventHeaders({
    // One requested record per operation, so its id is unique among events of this type and source.
    id,
    type: TOPIC,
    source: SOURCE,
    timeMicros: requestedAtMicros,
    subject: id,
    merchantId,
    environment,
    correlationId: id,
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
