// Decides whether an account stands in the way of what an operation would do to it.
import { isWithinBounds } from '@paystream/money';
import type { FailureCode } from '@paystream/payments';
import type { Account } from './account.ts';
import { spendableOf } from './account.ts';

/** The code of what stands in the way of an account's change, or null. What is held counts as spent. */
export function findObstacle(before: Account, after: Account): FailureCode | null {
  if (before.checked) {
    const spendableAfter = spendableOf(after);
    const isDebit = spendableAfter < spendableOf(before);
    if (before.status === 'closed') return 'account_closed_or_invalid';
    if (before.status === 'frozen' && isDebit) return 'account_frozen';
    if (isDebit && spendableAfter + after.overdraftMinor < 0n) return 'insufficient_funds';
  }
  return isOutOfBounds(after) ? 'ledger_rejected' : null;
}

/**
 * Beyond what an account can hold: not even what has happened outside is posted then. A hold is never below zero: whoever
 * takes more of it than is left takes what nobody has looked at.
 */
export function isOutOfBounds({ postedMinor, heldMinor }: Account): boolean {
  return !isWithinBounds(postedMinor) || !isWithinBounds(heldMinor) || heldMinor < 0n;
}
