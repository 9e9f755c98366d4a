// Reads one line of a batch: a payment's body with its idempotency key beside it.
import { CLOSED, compileCheck, HttpError, parseJson } from '@paystream/http';
import { isUtf8 } from 'node:buffer';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Caller } from '../access/authenticate.ts';
import { requiredKey } from '../idempotency/idempotency-key.ts';
import type { Claim } from '../intake/claim.ts';
import { MONEY_FIELD_CODES, PaymentBody } from './model.ts';
import { toPaymentClaim } from './payment-claim.ts';

export const BatchLine = Type.Object(
  { ...PaymentBody.properties, idempotency_key: Type.String({ description: '1 to 255 visible characters' }) },
  CLOSED,
);

const check = compileCheck(BatchLine, MONEY_FIELD_CODES);
const KEY_POINTER = '/idempotency_key';

export interface LineRequest {
  caller: Caller;
  traceparent: string | null;
}

/** The same claim as a single request with this body and key. Throws HttpError for a line that is refused. */
export function toLineClaim(bytes: Buffer, { caller, traceparent }: LineRequest): Claim {
  const parsed = isUtf8(bytes) ? parseJson(bytes.toString()) : ({ ok: false } as const);
  if (!parsed.ok) throw new HttpError('json_invalid', { detail: 'The line is not valid JSON.' });
  const fault = check(parsed.value, parsed.numbersPlain);
  if (fault?.details.param === KEY_POINTER && fault.code === 'parameter_missing') {
    throw new HttpError('idempotency_key_missing', { param: KEY_POINTER });
  }
  if (fault !== undefined) throw fault;
  // The check has established the type.
  const { idempotency_key, ...body } = parsed.value as Static<typeof BatchLine>;
  const idempotencyKey = requiredKey(idempotency_key, KEY_POINTER);
  return toPaymentClaim({ caller, idempotencyKey, body, traceparent, params: {} });
}
