// Turns a decision into payment.processed: every input of it is on the event, so that posting is a pure function of it.
import type { Codec, IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { RULES_VERSION } from '@paystream/pricing';
import type { PaymentProcessed } from '@paystream/topics';
import type { CheckedRequest } from '../check-request.ts';
import type { Decision } from '../decide.ts';
import { PROCESSOR_VERSION } from '../version.ts';

const TOPIC = 'payment.processed';
/** The processor's record of an operation; a provider's outcome is pass 2. */
const PASS = 1;

/** A decision with what it was decided from. */
export interface Decided {
  request: CheckedRequest;
  decision: Decision;
  /** Version of merchant.updated that was in force. */
  merchantVersion: bigint;
  /** Our clock, microseconds since the epoch; nothing is decided by it. */
  processedAt: bigint;
}

/** The event of a decision. */
function toPaymentProcessed({ request, decision, merchantVersion, processedAt }: Decided): PaymentProcessed {
  return {
    ...request,
    pass: PASS,
    kind: decision.kind,
    rulesVersion: RULES_VERSION,
    processedAt,
    merchantVersion,
    fees: decision.kind === 'priced' ? decision.fees : [],
    fx: null,
    route: null,
    failure: decision.kind === 'refused' ? decision.failure : null,
    outcome: null,
    fact: null,
    decisions: null,
    velocity: null,
  };
}

/** The record of a decision: key and partition number of its input, and the trail of who asked. */
export function toProcessedRecord(source: IncomingRecord, decided: Decided, codec: Codec): OutgoingRecord {
  return {
    topic: TOPIC,
    partition: source.partition,
    key: source.key,
    value: codec.encode(TOPIC, toPaymentProcessed(decided)),
    headers: headersOf(source, decided),
  };
}

/** What of the input's headers is carried on, as text; longer than this it is none of ours. */
const CARRIED_BYTES_MAX = 256;

function headersOf({ headers }: IncomingRecord, { request, processedAt }: Decided): Record<string, string> {
  const { operationId, merchantId, environment } = request;
  const carried = (name: string): string | undefined => {
    const value = headers[name];
    return value === undefined || value.length > CARRIED_BYTES_MAX ? undefined : value.toString();
  };
  return eventHeaders({
    // The same each time this operation is processed: a repetition can be told by it.
    id: `${operationId}.${TOPIC}.${PASS}`,
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
