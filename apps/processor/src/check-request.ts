// Decides whether a record is one our gateway could have written; what is not goes to the dead letters, unpriced.
import { HTTP_AMOUNT_MAX, isCurrency } from '@paystream/money';
import type { Environment } from '@paystream/payments';
import { isEnvironment, isId, isOperation, keyOfOperation, operationPrefixes } from '@paystream/payments';
import type { PaymentMethod, PaymentRequested } from '@paystream/topics';

/** The operations this version of the processor prices. */
export type PricedOperation = 'pay' | 'top_up';

/** A request with everything in it that pricing relies on. */
export interface CheckedRequest extends PaymentRequested {
  operation: PricedOperation;
  environment: Environment;
  customerId: string;
  /** Above zero. */
  amountMinor: bigint;
  currency: string;
  method: PaymentMethod;
}

/** Why a record cannot have come from our gateway; the reason on its dead letter. */
export type IllegalReason =
  | 'unknown_operation'
  | 'unsupported_operation'
  | 'invalid_operation_id'
  | 'invalid_payment_id'
  | 'invalid_environment'
  | 'invalid_merchant_id'
  | 'invalid_customer_id'
  | 'invalid_amount'
  | 'unknown_currency'
  | 'invalid_requested_at'
  | 'invalid_merchant_version'
  | 'invalid_method'
  | 'invalid_country'
  | 'unsupported_terms'
  | 'key_mismatch';

export type Checked = { ok: true; request: CheckedRequest } | { ok: false; reason: IllegalReason };

/** 9999-12-31T23:59:59.999999Z in microseconds: beyond it neither PostgreSQL nor people can write the time. */
const MICROS_MAX = 253_402_300_799_999_999n;
const METHOD_TYPES: ReadonlySet<string> = new Set(['wallet', 'card', 'bank', 'sandbox']);
const COUNTRY = /^[A-Z]{2}$/;

/**
 * The request, when each of its fields is one our gateway writes and the record lies where the operation belongs; else
 * the first reason against it, in the order of the type above.
 */
export function checkRequest(requested: PaymentRequested, key: Buffer | null): Checked {
  const reason = problemWithIds(requested) ?? problemWithMoney(requested) ?? problemWithRest(requested, key);
  // Everything CheckedRequest adds to PaymentRequested has just been checked.
  return reason === null ? { ok: true, request: requested as CheckedRequest } : { ok: false, reason };
}

function problemWithIds(requested: PaymentRequested): IllegalReason | null {
  const { operation, operationId, paymentId, environment, merchantId, customerId } = requested;
  if (!isOperation(operation)) return 'unknown_operation';
  if (operation !== 'pay' && operation !== 'top_up') return 'unsupported_operation';
  if (!isId(operationPrefixes[operation], operationId)) return 'invalid_operation_id';
  if (paymentId !== operationId) return 'invalid_payment_id'; // both operations are the first of their payment
  if (!isEnvironment(environment)) return 'invalid_environment';
  if (!isId('mer', merchantId)) return 'invalid_merchant_id';
  return customerId !== null && isId('cus', customerId) ? null : 'invalid_customer_id';
}

function problemWithMoney({ amountMinor, currency }: PaymentRequested): IllegalReason | null {
  if (amountMinor === null || amountMinor <= 0n || amountMinor > HTTP_AMOUNT_MAX) return 'invalid_amount';
  return currency !== null && isCurrency(currency) ? null : 'unknown_currency';
}

function problemWithRest(requested: PaymentRequested, key: Buffer | null): IllegalReason | null {
  const { requestedAt, merchantVersion, method, country } = requested;
  if (requestedAt <= 0n || requestedAt > MICROS_MAX) return 'invalid_requested_at';
  if (merchantVersion < 1n) return 'invalid_merchant_version';
  if (method === null || !isMethod(method)) return 'invalid_method';
  if (country !== null && !COUNTRY.test(country)) return 'invalid_country';
  if (hasTerms(requested)) return 'unsupported_terms';
  return key?.toString() === keyOfOperation(requested) ? null : 'key_mismatch';
}

function isMethod({ type, methodId }: PaymentMethod): boolean {
  return METHOD_TYPES.has(type) && (methodId === null || isId('pm', methodId));
}

/** Terms of operations and conversions that come with later versions of the gateway. */
function hasTerms(requested: PaymentRequested): boolean {
  const { sourceCurrency, quote, authorize, capture, cancel, refund, transfer, payOut } = requested;
  const { account, correction, resolve, operator } = requested;
  const terms = [sourceCurrency, quote, authorize, capture, cancel, refund, transfer, payOut, account, correction];
  return [...terms, resolve, operator].some((term) => term !== null);
}
