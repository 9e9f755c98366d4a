// Decides what a key looks like: whose it is, a part that may be shown, and a part that is secret.
import { randomBytes } from 'node:crypto';
import type { Environment } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';

const VISIBLE_BYTES = 8;
const SECRET_BYTES = 24;
const KEY = /^(?<visible>(?:sk_test|sk_live|op)_[0-9a-f]{16})[0-9a-f]{48}$/;

/** `sk_test_`, 16 hex digits that find the key, and 48 that prove it. Shown once, kept nowhere. */
export function newApiKey(environment: Environment): NewKey {
  return newKey(`sk_${environment}`);
}

/** `op_` and the same digits, for an operator. */
export function newOperatorKey(): NewKey {
  return newKey('op');
}

/** A key as it is shown this once, and the part of it that may be kept as it is. */
export interface NewKey {
  key: string;
  visiblePart: string;
}

function newKey(prefix: string): NewKey {
  const digits = randomBytes(VISIBLE_BYTES + SECRET_BYTES).toString('hex');
  return { key: `${prefix}_${digits}`, visiblePart: `${prefix}_${digits.slice(0, VISIBLE_BYTES * 2)}` };
}

/** The part that may be shown and stored; undefined when the text is no key. */
export function visiblePartOf(key: string): string | undefined {
  return KEY.exec(key)?.groups?.['visible'];
}

/** The keyed hash that is stored. */
export function digestOf(vault: Vault, key: string): Buffer {
  return vault.digest('api keys', key);
}
