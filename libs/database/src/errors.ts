// Sorts what a database can throw into what the caller must do about it: try again, refuse the row, or stop.

/**
 * What an error asks for.
 * - `transient`: the same statement may pass when tried again; nothing is wrong with the data
 * - `constraint`: the rows break a rule that whoever made them keeps too, so one of both is wrong: trying again changes
 *   nothing before that is mended, and no row is to blame
 * - `data`: one of the rows cannot be handled at all (or the code that handles it fails on it)
 * - `fatal`: the schema, the rights or the server are not as this program needs them; no row is to blame
 */
export type ErrorClass = 'transient' | 'constraint' | 'data' | 'fatal';

/** COMMIT was sent and its answer never came: the transaction is committed or it is not. Read before deciding. */
export class CommitUnknownError extends Error {
  readonly code = 'commit_unknown';
  readonly retriable = true;
  constructor(cause: unknown) {
    super(
      'The connection was lost during COMMIT; whether the transaction is committed has to be read from the database',
      {
        cause,
      },
    );
    this.name = 'CommitUnknownError';
  }
}

/** What was taken for certain is not so: the books and who writes them have parted. No row is to blame. */
export class InvariantError extends Error {
  readonly code = 'invariant';
  readonly retriable = false;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InvariantError';
  }
}

/** A statement was still running at its deadline and was cancelled by the server (statement_timeout). */
export const QUERY_CANCELED = '57014';

/** What node-postgres says, without a SQLSTATE, when the connection is gone or does not answer. */
const CONNECTION_MESSAGES =
  /connection terminated|connection ended|client was closed|query read timeout|timeout (expired|exceeded)|not queryable|pool after calling end/i;
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Filed with wrong values, and no value's fault. */
const SEQUENCE_EXHAUSTED = '2200H';
const TRANSIENT_STATES = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available
  QUERY_CANCELED,
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '57P05', // idle session timeout
  '25P03', // idle in transaction session timeout
  '25P04', // transaction timeout
  '25006', // read only: this server has become a standby
]);

/** The SQLSTATE of a server's error, or null when the error did not come from the server. */
export function sqlStateOf(error: unknown): string | null {
  const code = codeOf(error);
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && !CONNECTION_CODES.has(code) ? code : null;
}

/** What the error asks for; never throws, whatever was thrown. */
export function classifyError(error: unknown): ErrorClass {
  if (saysRetriable(error)) return 'transient';
  if (error instanceof InvariantError) return 'constraint';
  const state = sqlStateOf(error);
  if (state === null) return isConnectionError(error) ? 'transient' : 'data';
  if (TRANSIENT_STATES.has(state) || state.startsWith('08') || state.startsWith('53')) return 'transient';
  // P0: raised by our own triggers, which guard rules as constraints do. 21: two rows where there can be one.
  if (['23', 'P0', '21'].some((group) => state.startsWith(group))) return 'constraint';
  if (state === SEQUENCE_EXHAUSTED) return 'fatal';
  if (state.startsWith('22')) return 'data';
  return 'fatal';
}

/** Whether the connection, and not a statement on it, has failed. */
function isConnectionError(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null && CONNECTION_CODES.has(code)) return true;
  if (error instanceof AggregateError && error.errors.some(isConnectionError)) return true;
  return error instanceof Error && CONNECTION_MESSAGES.test(error.message);
}

/** Our own errors, of this room and others, say themselves whether trying again may help. */
function saysRetriable(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
