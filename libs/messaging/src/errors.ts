// Sorts what can go wrong between us and the brokers into what the caller must do about it.

/**
 * - `retry`: it may work when tried again; whether it happened may be unknown
 * - `fenced`: somebody else has taken this work over; stop it here
 * - `fatal`: trying again is of no use; an operator has to look
 */
export type MessagingErrorKind = 'retry' | 'fenced' | 'fatal';

export class MessagingError extends Error {
  readonly kind: MessagingErrorKind;
  readonly retriable: boolean;
  constructor(kind: MessagingErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MessagingError';
    this.kind = kind;
    this.retriable = kind === 'retry';
  }
}

/** A step took longer than its own deadline. What it was doing may still happen: its client is thrown away. */
export class DeadlineError extends MessagingError {
  constructor(what: string, deadlineMs: number) {
    super('retry', `${what} took longer than ${deadlineMs} ms`);
    this.name = 'DeadlineError';
  }
}

/** More waits to be published than memory should hold; thrown before anything was taken. */
export class PublisherBusyError extends MessagingError {
  readonly code = 'publisher_busy';
  constructor(waitingMax: number) {
    super('retry', `${waitingMax} records wait to be published already`);
    this.name = 'PublisherBusyError';
  }
}

/** Error types in which the broker says that a newer producer with our transactional id exists. */
const FENCED_TYPES = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
  'TRANSACTION_COORDINATOR_FENCED',
]);
/** Error types that no repetition mends. */
const FATAL_TYPES = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

/** Any error as one of ours; the cause is kept, and nothing but plain text is taken from it. */
export function toMessagingError(error: unknown, what: string): MessagingError {
  if (error instanceof MessagingError) return error;
  const type = brokerErrorType(error);
  const kind = FENCED_TYPES.has(type) ? 'fenced' : FATAL_TYPES.has(type) ? 'fatal' : 'retry';
  return new MessagingError(kind, `${what}: ${messageOf(error)}`, { cause: error });
}

/** The broker's name for an error, such as `CONCURRENT_TRANSACTIONS`, or '' when it did not come from a broker. */
export function brokerErrorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('type' in error && typeof error.type === 'string') return error.type;
  return 'cause' in error && error.cause !== error ? brokerErrorType(error.cause) : '';
}

export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : JSON.stringify(error);
}
