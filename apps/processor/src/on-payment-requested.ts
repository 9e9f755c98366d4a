// Turns a batch of payment.requested into payment.processed and dead letters, one for each record, in order.
import type { Batch, Codec, IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import type { Rates } from '@paystream/pricing';
import { decideRequest } from '@paystream/pricing';
import type { Screened } from '@paystream/risk';
import { wantsScreening } from '@paystream/risk';
import { faultPoint } from '@paystream/runtime';
import type { CheckedRequest } from './check-request.ts';
import { checkRequest } from './check-request.ts';
import type { Merchants } from './merchants.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { toPaymentProcessed } from './publish/payment-processed.ts';
import { toProcessedRecord } from './publish/processed-record.ts';
import type { Unfit } from './put-aside.ts';
import { putAside, unreadable } from './put-aside.ts';
import type { Screening } from './screening.ts';
import { askScreening, SCREENING_MS_MAX } from './screening.ts';

export const TOPIC = 'payment.requested';
export const GROUP_ID = 'processor';

/** How long a batch waits for the version of a merchant that its gateway saw and we have not been told of. */
const MERCHANT_WAIT_MS_MAX = 30_000;

export interface OnPaymentRequestedOptions {
  codec: Codec;
  merchants: Merchants;
  rates: Rates;
  /** Of live rates; those of the sandbox may be of any age. */
  rateAgeMaxMicros: bigint;
  /** Null: nothing screens. */
  screening: Screening | null;
  metrics: ProcessorMetrics;
  /** Microseconds since the epoch; written down, never decided by. */
  nowMicros: () => bigint;
  merchantWaitMsMax?: number;
}

/** A record as far as it can be understood without the merchant. */
type Read = { source: IncomingRecord } & ({ ok: true; request: CheckedRequest } | { ok: false; unfit: Unfit });

/** What is asked of others before the batch is decided. */
interface Asked {
  screened: ReadonlyMap<string, Screened>;
  processedAt: bigint;
}

/**
 * The transform of the processor: decode and check each record, wait for merchants not known yet, ask the screening, then
 * one synchronous pass that decides. It keeps nothing between batches but merchants and rates. A record that comes again
 * may be answered otherwise all the same, by a screening or by a version that was told late: of an (operation, pass) the
 * first record on payment.processed counts, here as everywhere.
 */
export function createOnPaymentRequested(options: OnPaymentRequestedOptions) {
  const { codec, merchants, metrics, nowMicros, merchantWaitMsMax = MERCHANT_WAIT_MS_MAX } = options;
  return async function onPaymentRequested({ records, signal }: Batch): Promise<OutgoingRecord[]> {
    await codec.prepare(TOPIC, records);
    const read = records.map((source) => readRecord(source, codec));
    const wanted = read.flatMap((one) => (one.ok ? [one.request] : []));
    const waitStartMs = performance.now();
    const hasWaited = await merchants.waitFor(wanted, { signal, deadlineMs: merchantWaitMsMax });
    if (hasWaited) metrics.merchantWaitSeconds.observe((performance.now() - waitStartMs) / 1_000);
    const screened = await screen(wanted, options, signal);
    const processedAt = nowMicros();
    const outgoing = read.map((one) => processRecord(one, options, { screened, processedAt }));
    faultPoint('processor.after_transform');
    return outgoing;
  };
}

function readRecord(source: IncomingRecord, codec: Codec): Read {
  const decoded = codec.decode(TOPIC, source.value);
  if (!decoded.ok) return { source, ok: false, unfit: unreadable(decoded) };
  const checked = checkRequest(decoded.value, source.key);
  if (checked.ok) return { source, ok: true, request: checked.request };
  return { source, ok: false, unfit: { class: 'business', reason: checked.reason } };
}

async function screen(
  requests: readonly CheckedRequest[],
  { screening, merchants, metrics }: OnPaymentRequestedOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Screened>> {
  if (screening === null) return new Map();
  const asked = requests.filter((request) => isToBeScreened(request, merchants));
  if (asked.length === 0) return new Map();
  const startMs = performance.now();
  try {
    return await askScreening(screening, asked, { signal, deadlineMs: SCREENING_MS_MAX });
  } catch (error) {
    metrics.screeningFailures.inc();
    throw error;
  } finally {
    metrics.screeningSeconds.observe((performance.now() - startMs) / 1_000);
  }
}

function isToBeScreened(request: CheckedRequest, merchants: Merchants): boolean {
  const { operation, method, currency } = request;
  const riskPlan = merchants.find(request)?.riskPlan ?? null;
  return currency !== null && wantsScreening({ operation, methodType: method?.type ?? null, currency }, riskPlan);
}

function processRecord(read: Read, options: OnPaymentRequestedOptions, asked: Asked): OutgoingRecord {
  const { codec, merchants, metrics, rates, rateAgeMaxMicros } = options;
  const { source } = read;
  if (!read.ok) return toDeadLetter(source, read.unfit, metrics);
  const { request } = read;
  const merchant = merchants.find(request);
  // Transient: once merchant.updated has the version, the dead letter can be sent again and is priced as any other.
  if (merchant === undefined) {
    return toDeadLetter(source, { class: 'transient', reason: 'merchant_version_unknown' }, metrics);
  }
  const decision = decideRequest(request, merchant, {
    rates,
    rateAgeMaxMicros: request.environment === 'live' ? rateAgeMaxMicros : null,
    screened: asked.screened.get(request.operationId) ?? null,
  });
  metrics.operations.inc({ operation: request.operation, kind: decision.kind });
  const { version: merchantVersion } = merchant;
  const event = toPaymentProcessed({ request, decision, merchantVersion, processedAt: asked.processedAt });
  return toProcessedRecord(source, event, { partition: source.partition, codec });
}

function toDeadLetter(source: IncomingRecord, unfit: Unfit, metrics: ProcessorMetrics): OutgoingRecord {
  metrics.deadLetters.inc({ reason: unfit.reason });
  return putAside(source, unfit, GROUP_ID);
}
