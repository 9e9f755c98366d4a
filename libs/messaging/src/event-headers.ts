// Names the headers every event carries: CloudEvents attributes, whose money it is, and what caused it.

export interface EventHeaders {
  /** `evt_…`, unique for ever. */
  id: string;
  /** The topic's name. */
  type: string;
  /** The app that wrote it. */
  source: string;
  timeMicros: bigint;
  /** What the event is about: the payment, customer, merchant or account id. */
  subject: string;
  merchantId: string | null;
  environment: string;
  correlationId: string;
  /** Id of the event that caused this one; null when a person or a clock did. */
  causationId: string | null;
  traceparent?: string | null;
  producerVersion: string;
}

const SPEC_VERSION = '1.0';

/** CloudEvents 1.0 binary mode (`ce_*`) and ours; what is null is left out. */
export function eventHeaders(event: EventHeaders): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: SPEC_VERSION,
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_time: isoMicros(event.timeMicros),
    ce_subject: event.subject,
    environment: event.environment,
    correlation_id: event.correlationId,
    producer_version: event.producerVersion,
  };
  if (event.merchantId !== null) headers.merchant_id = event.merchantId;
  if (event.causationId !== null) headers.causation_id = event.causationId;
  if (event.traceparent !== undefined && event.traceparent !== null) headers.traceparent = event.traceparent;
  return headers;
}

let last = { micros: 0n, text: '1970-01-01T00:00:00.000000Z' };

/** RFC 3339 with microseconds. The last one is remembered: all events of a batch often have the same time. */
function isoMicros(micros: bigint): string {
  if (micros === last.micros) return last.text;
  const milliseconds = new Date(Number(micros / 1_000n)).toISOString().slice(0, -1);
  last = { micros, text: `${milliseconds}${String(micros % 1_000n).padStart(3, '0')}Z` };
  return last.text;
}
