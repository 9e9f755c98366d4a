// Decides whether a record is one our gateway could have written: what nobody can own is a dead letter, what nobody may ask for is refused.
import { isCurrency } from '@paystream/money';
import type { Environment } from '@paystream/payments';
import {
  HOUSE_MERCHANT_ID,
  isAmount,
  isAnyId,
  isCountry,
  isEnvironment,
  isId,
  isOperation,
  isTime,
  keyOfOperation,
  operationPrefixes,
} from '@paystream/payments';
import type { PaymentMethod, PaymentRequested } from '@paystream/topics';
import { problemWithConversion } from './check/conversion.ts';
import type { NamelessReason, Problem, TermsReason } from './check/illegal-reason.ts';
import type { OperationShape, RequestedOperation } from './check/requested-operations.ts';
import { isRequestedOperation, requestedOperations } from './check/requested-operations.ts';
import { problemWithTerms } from './check/terms.ts';

/** A request that says whose it is and lies where its operation belongs: whatever becomes of it can be settled. */
export interface NamedRequest extends PaymentRequested {
  operation: RequestedOperation;
  environment: Environment;
}

/** One with everything in it that its operation needs, and nothing else. */
export type CheckedRequest = NamedRequest;

/**
 * - `legal`: each of its fields is one our gateway writes
 * - `refused`: it asks for what cannot be, and is to fail for it
 * - `nameless`: a dead letter
 */
export type Checked =
  | { kind: 'legal'; request: CheckedRequest }
  | { kind: 'refused'; request: NamedRequest; reason: TermsReason }
  | { kind: 'nameless'; reason: NamelessReason };

const METHOD_TYPES: ReadonlySet<string> = new Set(['wallet', 'card', 'bank', 'sandbox']);

/** What the record is, with the first reason against it. */
export function checkRequest(requested: PaymentRequested, key: Buffer | null): Checked {
  const { operation } = requested;
  if (!isOperation(operation)) return { kind: 'nameless', reason: 'unknown_operation' };
  if (!isRequestedOperation(operation)) return { kind: 'nameless', reason: 'unsupported_operation' };
  const shape = requestedOperations[operation];
  const nameless = faultInName(requested, operationPrefixes[operation], shape) ?? faultInKey(requested, key);
  if (nameless !== null) return { kind: 'nameless', reason: nameless };
  // Everything NamedRequest adds to PaymentRequested has just been checked.
  const request = requested as NamedRequest;
  const reason =
    problemWithMoney(request, shape) ??
    problemWithRest(request, shape) ??
    problemWithConversion(request, shape) ??
    problemWithTerms(request, shape);
  return reason === null ? { kind: 'legal', request } : { kind: 'refused', request, reason };
}

function faultInName(
  { operation, operationId, paymentId, environment, merchantId, customerId, requestedAt }: PaymentRequested,
  prefix: (typeof operationPrefixes)[RequestedOperation],
  shape: OperationShape,
): NamelessReason | null {
  if (!isId(prefix, operationId)) return 'invalid_operation_id';
  if (!belongs({ operationId, paymentId }, shape)) return 'invalid_payment_id';
  if (!isEnvironment(environment)) return 'invalid_environment';
  // What belongs to no merchant can be corrected, and nothing else.
  if (!isId('mer', merchantId) || (merchantId === HOUSE_MERCHANT_ID && operation !== 'correct')) {
    return 'invalid_merchant_id';
  }
  if (!isTime(requestedAt)) return 'invalid_requested_at';
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
  const { merchantId, merchantVersion, method, country } = requested;
  const versionMin = merchantId === HOUSE_MERCHANT_ID ? 0n : 1n;
  if (merchantVersion < versionMin) return 'invalid_merchant_version';
  const isAsked = method === null ? !hasMethod : hasMethod && isMethod(method);
  if (!isAsked) return 'invalid_method';
  return country === null || isCountry(country) ? null : 'invalid_country';
}

function isMethod({ type, methodId }: PaymentMethod): boolean {
  return METHOD_TYPES.has(type) && (methodId === null || isId('pm', methodId));
}

function faultInKey(requested: PaymentRequested, key: Buffer | null): NamelessReason | null {
  return key?.toString() === keyOfOperation(requested) ? null : 'key_mismatch';
}
