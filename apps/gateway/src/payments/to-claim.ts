// Turns a checked body into a claim: refuses values no payment can have, and names the operation by its key.
import { HttpError } from '@paystream/http';
import { isCurrency } from '@paystream/money';
import { operationIdOf } from '@paystream/payments';
import type { Caller } from '../access/authenticate.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Claim } from '../intake/claim.ts';
import { claimOf } from '../intake/claim.ts';
import { uuidOf } from '../operation-id.ts';
import { checkMetadata, checkText } from '../text-rules.ts';
import type { PaymentBody } from './model.ts';
import { detailsText } from './render.ts';

/** Where each is asked for. A batch's lines are payments like any other. */
const PATHS = { pay: '/v1/payments', top_up: '/v1/top_ups' } as const;

export interface ClaimRequest {
  operation: 'pay' | 'top_up';
  caller: Caller;
  idempotencyKey: string;
  /** Already of the schema's shape. */
  body: PaymentBody;
  traceparent: string | null;
}

/** Throws HttpError for a value that is refused; the key is free then. */
export function toClaim({ operation, caller, idempotencyKey, body, traceparent }: ClaimRequest): Claim {
  const { currency, customer, description, metadata } = body;
  if (!isCurrency(currency)) throw new HttpError('currency_unknown', { param: '/currency' });
  if (uuidOf('cus', customer) === undefined) throw new HttpError('customer_unknown', { param: '/customer' });
  if (description !== undefined) checkText(description, '/description');
  if (metadata !== undefined) checkMetadata(metadata);
  const { merchantId, environment } = caller;
  const id = operationIdOf(operation, { merchantId, environment, idempotencyKey });
  return {
    ...claimOf({ id, operation, asker: caller, body, fingerprint: fingerprintOf('POST', PATHS[operation], body) }),
    customerId: customer,
    amountMinor: BigInt(body.amount),
    currency,
    details: detailsText(body),
    traceparent,
  };
}
