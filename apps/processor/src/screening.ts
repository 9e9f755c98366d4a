// Asks the operator's own screening about the requests of a batch, and takes no answer for granted.
import { isCode } from '@paystream/payments';
import type { Screened, ScreeningAnswer } from '@paystream/risk';
import type { CheckedRequest } from './check-request.ts';

/** What a screening is shown of a request: ids, amounts and codes, as the topic has them. */
export type ScreenedRequest = Readonly<
  Pick<
    CheckedRequest,
    | 'operationId'
    | 'operation'
    | 'environment'
    | 'merchantId'
    | 'customerId'
    | 'amountMinor'
    | 'currency'
    | 'country'
    | 'requestedAt'
  >
> & { readonly payeeIds: readonly string[] };

/** The hook: `screening` of the module that PROCESSOR_SCREENING_MODULE names. */
export interface Screening {
  /** Grows with every change of what it answers; it is on each event it decided. */
  readonly version: bigint;
  /**
   * One answer for each request, in order. It may be asked again about the same request, also after it has answered: what
   * counts is the answer that comes first on payment.processed, and no other has any effect.
   */
  screen(requests: readonly ScreenedRequest[], signal: AbortSignal): Promise<readonly ScreeningAnswer[]>;
}

/** Thrown when a screening gives no usable answer; the batch comes again, and nothing is guessed. */
export class ScreeningError extends Error {
  readonly code = 'SCREENING';
  readonly retriable = true;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ScreeningError';
  }
}

/** Long enough for one question to another system, and short beside the time a batch may take. */
export const SCREENING_MS_MAX = 2_000;

export interface AskOptions {
  /** Ends the asking: the batch is no longer ours. */
  signal: AbortSignal;
  deadlineMs: number;
}

/**
 * The answers, by operation id.
 * @throws ScreeningError when it fails, is late, or answers something else than was asked; the signal's reason
 */
export async function askScreening(
  screening: Screening,
  requests: readonly CheckedRequest[],
  { signal, deadlineMs }: AskOptions,
): Promise<ReadonlyMap<string, Screened>> {
  if (requests.length === 0) return new Map();
  // A signal that is aborted already tells nobody any more, not even that time is up.
  signal.throwIfAborted();
  const late = AbortSignal.timeout(deadlineMs);
  const ended = AbortSignal.any([signal, late]);
  const { promise: end, reject } = Promise.withResolvers<never>();
  const onEnd = (): void =>
    reject(signal.aborted ? signal.reason : new ScreeningError(`the screening took longer than ${deadlineMs} ms`));
  ended.addEventListener('abort', onEnd, { once: true });
  try {
    const answers = await Promise.race([screening.screen(requests.map(shown), ended), end]);
    return byOperation(requests, answers, screening.version);
  } catch (error) {
    if (error instanceof ScreeningError || signal.aborted) throw error;
    throw new ScreeningError('the screening failed', error);
  } finally {
    ended.removeEventListener('abort', onEnd);
  }
}

function shown(request: CheckedRequest): ScreenedRequest {
  const { operationId, operation, environment, merchantId, customerId, amountMinor, currency } = request;
  const { country, requestedAt, transfer } = request;
  const payeeIds = transfer?.legs.map(({ payeeCustomerId }) => payeeCustomerId) ?? [];
  const ids = { operationId, operation, environment, merchantId, customerId, payeeIds };
  return { ...ids, amountMinor, currency, country, requestedAt };
}

function byOperation(requests: readonly CheckedRequest[], given: unknown, version: bigint): Map<string, Screened> {
  const answers: readonly unknown[] = Array.isArray(given) ? given : [];
  if (answers.length !== requests.length) {
    throw new ScreeningError(`the screening was asked about ${requests.length} requests and did not answer each`);
  }
  return new Map(requests.map(({ operationId }, index) => [operationId, { ...checked(answers[index]), version }]));
}

/** What a foreign module answers goes onto a topic: a decision and a code, or nothing. */
function checked(answer: unknown): ScreeningAnswer {
  const { decision, reasonCode = null } = (answer ?? {}) as Partial<ScreeningAnswer>;
  const isDecision = decision === 'allow' || decision === 'refuse';
  const isReason = reasonCode === null || (typeof reasonCode === 'string' && isCode(reasonCode));
  if (isDecision && isReason) return { decision, reasonCode };
  throw new ScreeningError('the screening gave an answer that is neither allow nor refuse with a code');
}
