// Tells one request from another that uses the same idempotency key.
import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of method, path and canonical body. */
export function fingerprintOf(method: string, path: string, body: unknown): Buffer {
  return hash('sha256', `${method}\n${path}\n${canonicalJson(body)}`, 'buffer');
}

/**
 * Pointer of the first field, by name, in which two bodies differ; null when they are equal. Never deeper than the
 * body's own fields: further down the names are the caller's words.
 */
export function differingField(first: object, second: object): string | null {
  const a = new Map<string, unknown>(Object.entries(first));
  const b = new Map<string, unknown>(Object.entries(second));
  const names = [...new Set([...a.keys(), ...b.keys()])].toSorted();
  const differing = names.find((name) => a.has(name) !== b.has(name) || !isSame(a.get(name), b.get(name)));
  return differing === undefined ? null : `/${differing}`;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}
