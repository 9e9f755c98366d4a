// Derives idempotency keys from what a row says, so that loading a file again finds every payment already there.

import { createHash } from 'node:crypto';
import type { Purchase } from './purchases.ts';

/** Key of a purchase: its content and which of the equal rows it is. */
export function purchaseKey({ customer, date, quantity, amountMinor, occurrence }: Purchase): string {
  return keyOf('purchase', [customer, date, quantity, String(amountMinor), String(occurrence)]);
}

export function customerKey(customer: string): string {
  return keyOf('customer', [customer]);
}

/** The amount is part of it: a longer file needs more money, and then that is another top-up. */
export function topUpKey(customer: string, amountMinor: bigint): string {
  return keyOf('top-up', [customer, String(amountMinor)]);
}

/** A number in [0, 1) that a customer always gets: who cannot pay is chosen by it. */
export function chanceOf(customer: string): number {
  return createHash('sha256').update(`chance ${customer}`).digest().readUInt32BE() / 2 ** 32;
}

// Hashed, for a file may hold characters that a header cannot carry.
function keyOf(kind: string, parts: readonly string[]): string {
  return `load-${kind}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;
}
