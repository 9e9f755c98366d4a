// Turns a batch of payment.requested into payment.processed and dead letters, one for each record, in order.
import type { Batch, Codec, IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { failureOf } from '@paystream/payments';
import type { Rates, RequestDecision } from '@paystream/pricing';
import { decideRequest } from '@paystream/pricing';
import type { Screened } from '@paystream/risk';
import { wantsScreening } from '@paystream/risk';
import { faultPoint } from '@paystream/runtime';
import type { Logger } from '@paystream/telemetry';
import { failureOfTerms } from './check/illegal-reason.ts';
import type { Checked, CheckedRequest } from './check-request.ts';
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
  logger: Logger;
  /** Microseconds since the epoch; written down, never decided by. */
  nowMicros: () => bigint;
  merchantWaitMsMax?: number;
}

/** A record as far as it can be understood without the merchant. */
type Read = { source: IncomingRecord } & (Exclude<Checked, { kind: 'nameless' }> | { kind: 'unfit'; unfit: Unfit });

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
    const wanted = read.flatMap((one) => (one.kind === 'legal' ? [one.request] : []));
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
  if (!decoded.ok) return { source, kind: 'unfit', unfit: unreadable(decoded) };
  const checked = checkRequest(decoded.value, source.key);
  if (checked.kind !== 'nameless') return { source, ...checked };
  return { source, kind: 'unfit', unfit: { class: 'business', reason: checked.reason } };
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
  const { codec, metrics } = options;
  const { source } = read;
  if (read.kind === 'unfit') return toDeadLetter(source, read.unfit, metrics);
  const { request } = read;
  const { decision, merchantVersion } =
    read.kind === 'refused' ? refusedFor(read, options) : decide(request, options, asked);
  metrics.operations.inc({ operation: request.operation, kind: decision.kind });
  const event = toPaymentProcessed({ request, decision, merchantVersion, processedAt: asked.processedAt });
  return toProcessedRecord(source, event, { partition: source.partition, codec });
}

type Decided = { decision: RequestDecision; merchantVersion: bigint | null };

/** A door that lets in what may not be asked for has a fault: it is counted and logged, and the operation has its end. */
function refusedFor(
  { request, reason }: Extract<Checked, { kind: 'refused' }>,
  { metrics, logger }: OnPaymentRequestedOptions,
): Decided {
  const { operationId, operation } = request;
  metrics.termsRefused.inc({ reason });
  logger.error({ operationId, operation, reason }, 'the door let in what may not be asked for: the operation fails');
  return { decision: { kind: 'refused', failure: failureOfTerms(reason), decisions: [] }, merchantVersion: null };
}

function decide(
  request: CheckedRequest,
  { merchants, rates, rateAgeMaxMicros, metrics, logger }: OnPaymentRequestedOptions,
  { screened }: Asked,
): Decided {
  const merchant = merchants.find(request);
  if (merchant === undefined) {
    const { operationId, merchantId, merchantVersion } = request;
    metrics.merchantsUnknown.inc();
    logger.error({ operationId, merchantId, merchantVersion }, 'the version of a merchant did not come in time');
    const failure = failureOf('merchant_unknown');
    return { decision: { kind: 'refused', failure, decisions: [] }, merchantVersion: null };
  }
  const decision = decideRequest(request, merchant, {
    rates,
    rateAgeMaxMicros: request.environment === 'live' ? rateAgeMaxMicros : null,
    screened: screened.get(request.operationId) ?? null,
  });
  return { decision, merchantVersion: merchant.version };
}

function toDeadLetter(source: IncomingRecord, unfit: Unfit, metrics: ProcessorMetrics): OutgoingRecord {
  metrics.deadLetters.inc({ reason: unfit.reason });
  return putAside(source, unfit, GROUP_ID);
}
