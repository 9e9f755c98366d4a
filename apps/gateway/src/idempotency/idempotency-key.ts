// Decides what an Idempotency-Key may be.
import type { ErrorDetails } from '@paystream/http';
import { HttpError } from '@paystream/http';

const LENGTH_MAX = 255;
/** The visible characters of ASCII: no space, no control character. */
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

/** The key of a money request. Throws when it is missing, or not 1 to 255 visible characters. */
export function requiredKey(key: unknown, param = 'Idempotency-Key'): string {
  if (key === undefined || key === '') throw new HttpError('idempotency_key_missing', { param });
  return visible(key, { param });
}

/** The key where it is not required; null when there is none. */
export function optionalKey(key: string | undefined): string | null {
  return key === undefined ? null : visible(key, { param: 'Idempotency-Key' });
}

function visible(key: unknown, details: ErrorDetails): string {
  if (typeof key === 'string' && key.length <= LENGTH_MAX && VISIBLE.test(key)) return key;
  throw new HttpError('idempotency_key_invalid', details);
}
