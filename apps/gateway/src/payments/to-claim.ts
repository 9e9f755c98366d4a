// Turns a checked body into a claim: refuses values no payment can have, and names the operation by its key.
import { HttpError } from '@paystream/http';
import { isCurrency } from '@paystream/money';
import { paymentIdOf, topUpIdOf, toUuid } from '@paystream/payments';
import type { Caller } from '../access/authenticate.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Claim } from '../intake/claim.ts';
import { uuidOf } from '../operation-id.ts';
import { checkMetadata, checkText } from '../text-rules.ts';
import type { PaymentBody } from './model.ts';
import { detailsText } from './render.ts';

/** What differs between the endpoints that ask for an operation. A batch's lines are payments like any other. */
const ENDPOINTS = {
  pay: { path: '/v1/payments', idOf: paymentIdOf },
  top_up: { path: '/v1/top_ups', idOf: topUpIdOf },
} as const;

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
  const customerUuid = uuidOf('cus', customer);
  if (customerUuid === undefined) throw new HttpError('customer_unknown', { param: '/customer' });
  if (description !== undefined) checkText(description, '/description');
  if (metadata !== undefined) checkMetadata(metadata);
  const { merchantId, merchantUuid, merchantVersion, environment } = caller;
  const { path, idOf } = ENDPOINTS[operation];
  const id = idOf({ merchantId, environment, idempotencyKey });
  return {
    id,
    uuid: toUuid(id),
    operation,
    merchantId,
    merchantUuid,
    merchantVersion,
    environment,
    customerId: customer,
    customerUuid,
    amountMinor: BigInt(body.amount),
    currency,
    fingerprint: fingerprintOf('POST', path, body),
    details: detailsText(body),
    traceparent,
  };
}
