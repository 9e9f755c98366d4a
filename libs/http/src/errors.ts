// Owns the closed table of things HTTP can refuse: each code has one status, one category and one title.

export type ErrorCategory =
  | 'invalid_request'
  | 'authentication'
  | 'permission'
  | 'not_found'
  | 'conflict'
  | 'idempotency'
  | 'rate_limit'
  | 'unavailable'
  | 'internal';

interface ErrorRow {
  status: number;
  category: ErrorCategory;
  title: string;
  /** What a client may wait before the same request can succeed; null: the same request never will. */
  retryAfterMs: number | null;
}

/**
 * Every code. Where several apply the first in this order is answered: route, key, rights, size and type of the body,
 * JSON, headers, fields, the idempotency key's first use, what the body refers to, and last whether there is room.
 */
const table = {
  route_not_found: row(404, 'not_found', 'No such route'),
  method_not_allowed: row(405, 'invalid_request', 'The route does not take this method'),
  authentication_required: row(401, 'authentication', 'An API key is needed'),
  api_key_invalid: row(401, 'authentication', 'The API key is not known or was revoked'),
  permission_denied: row(403, 'permission', 'The API key lacks the scope for this'),
  merchant_inactive: row(403, 'permission', 'The merchant is not active'),
  not_available_in_live: row(403, 'permission', 'Only test keys may do this'),
  request_malformed: row(400, 'invalid_request', 'The request is not valid HTTP'),
  headers_too_large: row(431, 'invalid_request', 'The headers are too large'),
  request_timeout: row(408, 'invalid_request', 'The request did not arrive in time', 0),
  body_too_large: row(413, 'invalid_request', 'The body is too large'),
  unsupported_media_type: row(415, 'invalid_request', 'The body is not of a type this route takes'),
  json_invalid: row(400, 'invalid_request', 'The body is not valid JSON'),
  idempotency_key_missing: row(400, 'idempotency', 'The Idempotency-Key is missing'),
  idempotency_key_invalid: row(400, 'idempotency', 'The Idempotency-Key is not 1 to 255 visible characters'),
  parameter_missing: row(400, 'invalid_request', 'A parameter is missing'),
  parameter_unknown: row(400, 'invalid_request', 'A parameter is not known'),
  parameter_type_invalid: row(400, 'invalid_request', 'A parameter has the wrong type'),
  parameter_invalid: row(422, 'invalid_request', 'A parameter has a value that is refused'),
  amount_invalid: row(422, 'invalid_request', 'The amount is not a whole number of minor units from 1 to 2^53 - 1'),
  currency_unknown: row(422, 'invalid_request', 'The currency is not an upper-case ISO 4217 code with a minor unit'),
  card_number_refused: row(422, 'invalid_request', 'Card numbers are not taken here'),
  idempotency_key_reused: row(422, 'idempotency', 'Idempotency-Key already used with another body'),
  request_in_progress: row(409, 'idempotency', 'The first request with this key is just being written', 1_000),
  customer_unknown: row(422, 'invalid_request', 'There is no such customer'),
  payment_not_capturable: row(409, 'conflict', 'The payment has nothing held that could be captured or canceled'),
  already_captured: row(409, 'conflict', 'The payment is captured already'),
  already_voided: row(409, 'conflict', 'The payment is canceled already'),
  hold_expired: row(409, 'conflict', 'The hold has ended'),
  exceeds_authorized_amount: row(409, 'conflict', 'The amount is more than is left to capture'),
  payment_disputed: row(409, 'conflict', 'The payment is disputed'),
  refund_exceeds_captured: row(409, 'conflict', 'The amount is more than is left to refund'),
  duplicate_refund: row(409, 'conflict', 'There is a refund with this merchant_refund_id already'),
  object_not_found: row(404, 'not_found', 'There is no such object'),
  approver_is_author: row(403, 'permission', 'Another person than the one who asked has to agree'),
  correction_not_awaiting: row(409, 'conflict', 'The correction does not wait for consent'),
  payout_not_in_transit: row(409, 'conflict', 'The pay-out is not on its way'),
  dispute_closed: row(409, 'conflict', 'The dispute is decided'),
  evidence_past_due: row(409, 'conflict', 'The time for evidence is over'),
  evidence_limit_reached: row(409, 'conflict', 'The dispute has as much evidence as it may have'),
  customer_erased: row(409, 'conflict', 'The customer was erased, and nothing more is kept about them'),
  fx_rate_unknown: row(422, 'invalid_request', 'No rate between these currencies is known'),
  fx_rate_stale: row(422, 'invalid_request', 'The newest rate between these currencies is too old'),
  too_many_requests: row(429, 'rate_limit', 'Too many requests at once', 1_000),
  overloaded: row(503, 'unavailable', 'Too much waits to be written', 1_000),
  publishing_stalled: row(503, 'unavailable', 'Too much waits for the broker', 5_000),
  database_unavailable: row(503, 'unavailable', 'The database does not answer', 1_000),
  rates_unavailable: row(503, 'unavailable', 'The rates have not been read yet', 1_000),
  acceptance_unknown: row(503, 'unavailable', 'Whether the request was accepted is not known', 1_000),
  shutting_down: row(503, 'unavailable', 'This instance is stopping', 0),
  internal: row(500, 'internal', 'An unexpected fault; it was logged', 1_000),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof table;

/** The table as data. */
export const errors: Readonly<Record<ErrorCode, ErrorRow>> = table;

/** What only the case at hand knows. Never holds a value the caller sent: it could be a card number. */
export interface ErrorDetails {
  detail?: string;
  /** JSON pointer of the field at fault, or the name of a header. */
  param?: string;
  /** Of what follows a payment, the payment it follows. */
  payment_id?: string;
  retryAfterMs?: number;
}

/** A request that is refused, thrown or returned by a handler and written as the error object. */
export class HttpError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.detail ?? errors[code].title);
    this.name = 'HttpError';
    this.code = code;
    this.details = details;
  }
}

/** The error object of RFC 9457 with our members. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string | null;
  code: ErrorCode;
  category: ErrorCategory;
  param: string | null;
  retryable: boolean;
  retry_after_ms: number | null;
  doc_url: string;
  payment_id: string | null;
}

const TYPE_BASE = 'https://errors.example/';
const DOC_BASE = 'https://docs.example/errors#';

/** The error object; `requestId` becomes its instance. */
export function problemOf(code: ErrorCode, details: ErrorDetails, requestId: string | null): Problem {
  const { status, category, title, retryAfterMs } = errors[code];
  return {
    type: TYPE_BASE + code,
    title,
    status,
    detail: details.detail ?? `${title}.`,
    instance: requestId,
    code,
    category,
    param: details.param ?? null,
    retryable: retryAfterMs !== null,
    retry_after_ms: details.retryAfterMs ?? retryAfterMs,
    doc_url: DOC_BASE + code,
    payment_id: details.payment_id ?? null,
  };
}

function row(status: number, category: ErrorCategory, title: string, retryAfterMs: number | null = null): ErrorRow {
  return { status, category, title, retryAfterMs };
}
