// Turns a batch of payment.requested into payment.processed and dead letters, one for each record, in order.
import type { Batch, Codec, IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { deadLetter } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import type { CheckedRequest } from './check-request.ts';
import { checkRequest } from './check-request.ts';
import { decide } from './decide.ts';
import type { Merchants } from './merchants.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { toProcessedRecord } from './publish/payment-processed.ts';
import { PROCESSOR_VERSION } from './version.ts';

export const TOPIC = 'payment.requested';

/** How long a batch waits for the version of a merchant that its gateway saw and we have not been told of. */
const MERCHANT_WAIT_MS_MAX = 30_000;

export interface OnPaymentRequestedOptions {
  codec: Codec;
  merchants: Merchants;
  metrics: ProcessorMetrics;
  /** Microseconds since the epoch; written down, never decided by. */
  nowMicros: () => bigint;
  merchantWaitMsMax?: number;
}

/** A record as far as it can be understood without the merchant. */
type Read = { source: IncomingRecord } & ({ ok: true; request: CheckedRequest } | ({ ok: false } & Unfit));

/** Why a record cannot be processed: the class of its dead letter, and the reason. */
interface Unfit {
  class: 'poison' | 'schema' | 'business' | 'transient';
  reason: string;
  /** What exactly was seen, where the reason is a code. */
  detail?: string;
}

/**
 * The transform of the processor: decode and check each record, wait for merchants not known yet, then one synchronous
 * pass that prices. It keeps nothing between batches but the merchants, so a batch that comes again ends the same.
 */
export function createOnPaymentRequested(options: OnPaymentRequestedOptions) {
  const { codec, merchants, metrics, nowMicros, merchantWaitMsMax = MERCHANT_WAIT_MS_MAX } = options;
  return async function onPaymentRequested({ records, signal }: Batch): Promise<OutgoingRecord[]> {
    await codec.prepare(TOPIC, records);
    const read = records.map((source) => readRecord(source, codec));
    const wanted = read.flatMap((one) => (one.ok ? [one.request] : []));
    const waitStartMs = performance.now();
    await merchants.waitFor(wanted, { signal, deadlineMs: merchantWaitMsMax });
    metrics.merchantWaitSeconds.observe((performance.now() - waitStartMs) / 1_000);
    const processedAt = nowMicros();
    const outgoing = read.map((one) => processRecord(one, { codec, merchants, metrics, processedAt }));
    faultPoint('processor.after_transform');
    return outgoing;
  };
}

function readRecord(source: IncomingRecord, codec: Codec): Read {
  const decoded = codec.decode(TOPIC, source.value);
  if (!decoded.ok) {
    const reason = decoded.class === 'poison' ? 'undecodable' : 'unknown_schema';
    return { source, ok: false, class: decoded.class, reason, detail: decoded.reason };
  }
  const checked = checkRequest(decoded.value, source.key);
  if (checked.ok) return { source, ok: true, request: checked.request };
  return { source, ok: false, class: 'business', reason: checked.reason };
}

interface Processing {
  codec: Codec;
  merchants: Merchants;
  metrics: ProcessorMetrics;
  processedAt: bigint;
}

function processRecord(read: Read, { codec, merchants, metrics, processedAt }: Processing): OutgoingRecord {
  if (!read.ok) return putAside(read.source, read, metrics);
  const { source, request } = read;
  const merchant = merchants.find(request);
  // Transient: once merchant.updated has the version, the dead letter can be sent again and is priced as any other.
  if (merchant === undefined)
    return putAside(source, { class: 'transient', reason: 'merchant_version_unknown' }, metrics);
  const decision = decide(request, merchant);
  metrics.operations.inc({ operation: request.operation, kind: decision.kind });
  return toProcessedRecord(source, { request, decision, merchantVersion: merchant.version, processedAt }, codec);
}

function putAside(source: IncomingRecord, unfit: Unfit, metrics: ProcessorMetrics): OutgoingRecord {
  metrics.deadLetters.inc({ reason: unfit.reason });
  return deadLetter(source, {
    reader: 'processor',
    class: unfit.class,
    reason: unfit.reason,
    ...(unfit.detail === undefined ? {} : { error: unfit.detail }),
    consumerVersion: PROCESSOR_VERSION,
  });
}
