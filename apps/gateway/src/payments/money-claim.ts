// Begins the claim of an operation on a customer's money: refuses values none can have, and names it by its key.
import { HttpError } from '@paystream/http';
import { isCurrency } from '@paystream/money';
import type { Operation } from '@paystream/payments';
import { operationIdOf } from '@paystream/payments';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Claim } from '../intake/claim.ts';
import { claimOf } from '../intake/claim.ts';
import { uuidOf } from '../operation-id.ts';
import { checkMetadata, checkText } from '../text-rules.ts';
import type { Asked } from './operation-routes.ts';
import type { Details } from './render.ts';
import { detailsText } from './render.ts';

/** What every such body may have. */
interface MoneyBody extends Details {
  currency?: string;
  customer?: string;
}

/**
 * The claim with customer, currency and words, without amount. `path` tells endpoints apart, so that one key is one
 * request. Throws HttpError for a value that is refused; the key is free then.
 */
export function moneyClaim(operation: Operation, path: string, asked: Asked<MoneyBody>): Claim {
  const { caller, idempotencyKey, body, traceparent } = asked;
  const { currency = null, customer = null, description, metadata } = body;
  if (currency !== null) checkCurrency(currency, '/currency');
  if (customer !== null) checkCustomer(customer, '/customer');
  if (description !== undefined) checkText(description, '/description');
  if (metadata !== undefined) checkMetadata(metadata);
  const { merchantId, environment } = caller;
  const id = operationIdOf(operation, { merchantId, environment, idempotencyKey });
  return {
    ...claimOf({ id, operation, asker: caller, body, fingerprint: fingerprintOf('POST', path, body) }),
    ...{ customerId: customer, currency, details: detailsText(body), traceparent },
  };
}

export function checkCurrency(currency: string, param: string): void {
  if (!isCurrency(currency)) throw new HttpError('currency_unknown', { param });
}

/** Whether it can be an id; whether it is one is known when the claim is stored. */
export function checkCustomer(customer: string, param: string): void {
  if (uuidOf('cus', customer) === undefined) throw new HttpError('customer_unknown', { param });
}
