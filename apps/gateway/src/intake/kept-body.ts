// Decides what is kept of a request's body beside the operation's columns, and makes the body again from both.
import { canonicalJson } from '../idempotency/canonical-json.ts';

/** Sealed with the operation, as they may speak of persons. */
const SEALED: readonly string[] = ['description', 'metadata'];
const COLUMNS: readonly string[] = ['amount', 'currency', 'customer'];

/** Canonical JSON of the body without what is sealed; null when the columns say all of it, as of most payments. */
export function keptBody(body: object): string | null {
  const open = Object.entries(body).filter(([name]) => !SEALED.includes(name));
  const isColumns = open.length === COLUMNS.length && open.every(([name]) => COLUMNS.includes(name));
  return isColumns ? null : canonicalJson(Object.fromEntries(open));
}

/** What of a stored operation tells its body. */
export interface KeptFacts {
  body: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  customerId: string | null;
}

/** The body as it was sent, without what is sealed. */
export function bodyOf({ body, amountMinor, currency, customerId }: KeptFacts): object {
  if (body !== null) return JSON.parse(body) as object; // written by keptBody
  return { amount: Number(amountMinor), currency, customer: customerId };
}
