// Decides whether a record is one our gateway could have written; what is not goes to the dead letters, unpriced.
import { isCurrency } from '@paystream/money';
import type { Environment } from '@paystream/payments';
import {
  HOUSE_MERCHANT_ID,
  isAnyId,
  isEnvironment,
  isId,
  isOperation,
  keyOfOperation,
  operationPrefixes,
} from '@paystream/payments';
import type { PaymentMethod, PaymentRequested } from '@paystream/topics';
import { isAmount, isCountry, isTime } from './check/values.ts';
import { problemWithConversion } from './check/conversion.ts';
import type { IllegalReason, Problem } from './check/illegal-reason.ts';
import type { OperationShape, RequestedOperation } from './check/requested-operations.ts';
import { isRequestedOperation, requestedOperations } from './check/requested-operations.ts';
import { problemWithTerms } from './check/terms.ts';

/** A request with everything in it that its operation needs, and nothing else. */
export interface CheckedRequest extends PaymentRequested {
  operation: RequestedOperation;
  environment: Environment;
}

export type Checked = { ok: true; request: CheckedRequest } | { ok: false; reason: IllegalReason };

const METHOD_TYPES: ReadonlySet<string> = new Set(['wallet', 'card', 'bank', 'sandbox']);

/**
 * The request, when each of its fields is one our gateway writes and the record lies where the operation belongs; else
 * the first reason against it.
 */
export function checkRequest(requested: PaymentRequested, key: Buffer | null): Checked {
  const { operation } = requested;
  if (!isOperation(operation)) return { ok: false, reason: 'unknown_operation' };
  if (!isRequestedOperation(operation)) return { ok: false, reason: 'unsupported_operation' };
  const shape = requestedOperations[operation];
  const reason =
    problemWithIds(requested, operationPrefixes[operation], shape) ??
    problemWithMoney(requested, shape) ??
    problemWithRest(requested, shape) ??
    problemWithConversion(requested, shape) ??
    problemWithTerms(requested, shape) ??
    problemWithKey(requested, key);
  // Everything CheckedRequest adds to PaymentRequested has just been checked.
  return reason === null ? { ok: true, request: requested as CheckedRequest } : { ok: false, reason };
}

function problemWithIds(
  { operation, operationId, paymentId, environment, merchantId, customerId }: PaymentRequested,
  prefix: (typeof operationPrefixes)[RequestedOperation],
  shape: OperationShape,
): Problem {
  if (!isId(prefix, operationId)) return 'invalid_operation_id';
  if (!belongs({ operationId, paymentId }, shape)) return 'invalid_payment_id';
  if (!isEnvironment(environment)) return 'invalid_environment';
  // What belongs to no merchant can be corrected, and nothing else.
  if (!isId('mer', merchantId) || (merchantId === HOUSE_MERCHANT_ID && operation !== 'correct')) {
    return 'invalid_merchant_id';
  }
  if (customerId === null) return shape.customer === 'always' ? 'invalid_customer_id' : null;
  return isId('cus', customerId) ? null : 'invalid_customer_id';
}

function belongs({ operationId, paymentId }: { operationId: string; paymentId: string }, { payment }: OperationShape) {
  switch (payment) {
    case 'own':
      return paymentId === operationId;
    case 'earlier':
      return isId('pay', paymentId);
    case 'any':
      return isAnyId(paymentId);
    default:
      return payment satisfies never;
  }
}

function problemWithMoney({ amountMinor, currency }: PaymentRequested, { hasAmount }: OperationShape): Problem {
  if (hasAmount ? amountMinor === null || !isAmount(amountMinor) : amountMinor !== null) return 'invalid_amount';
  // What has no amount may still say in which currency its payment is.
  if (currency === null) return hasAmount ? 'unknown_currency' : null;
  return isCurrency(currency) ? null : 'unknown_currency';
}

function problemWithRest(requested: PaymentRequested, { hasMethod }: OperationShape): Problem {
  const { requestedAt, merchantId, merchantVersion, method, country } = requested;
  if (!isTime(requestedAt)) return 'invalid_requested_at';
  const versionMin = merchantId === HOUSE_MERCHANT_ID ? 0n : 1n;
  if (merchantVersion < versionMin) return 'invalid_merchant_version';
  const isAsked = method === null ? !hasMethod : hasMethod && isMethod(method);
  if (!isAsked) return 'invalid_method';
  return country === null || isCountry(country) ? null : 'invalid_country';
}

function isMethod({ type, methodId }: PaymentMethod): boolean {
  return METHOD_TYPES.has(type) && (methodId === null || isId('pm', methodId));
}

function problemWithKey(requested: PaymentRequested, key: Buffer | null): Problem {
  return key?.toString() === keyOfOperation(requested) ? null : 'key_mismatch';
}
