// Decides what an API key looks like: where it is for, a part that may be shown, and a part that is secret.
import { randomBytes } from 'node:crypto';
import type { Environment } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';

const VISIBLE_BYTES = 8;
const SECRET_BYTES = 24;
const KEY = /^(?<visible>sk_(?:test|live)_[0-9a-f]{16})[0-9a-f]{48}$/;

/** `sk_test_`, 16 hex digits that find the key, and 48 that prove it. Shown once, kept nowhere. */
export function newApiKey(environment: Environment): string {
  return `sk_${environment}_${randomBytes(VISIBLE_BYTES + SECRET_BYTES).toString('hex')}`;
}

/** The part that may be shown and stored; undefined when the text is no key. */
export function visiblePartOf(key: string): string | undefined {
  return KEY.exec(key)?.groups?.['visible'];
}

/** The keyed hash that is stored. */
export function digestOf(vault: Vault, key: string): Buffer {
  return vault.digest('api keys', key);
}
