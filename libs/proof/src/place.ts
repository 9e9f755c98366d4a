// Compares places in the books: ledger number first, then the index within that batch.

import type { Place } from './rows.ts';

/** Below zero when `a` stands before `b`, zero for the same place, above zero after it. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.ledgerNumber !== b.ledgerNumber) return a.ledgerNumber < b.ledgerNumber ? -1 : 1;
  return a.index - b.index;
}
