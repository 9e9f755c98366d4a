// Checks the accounts that an outcome reports against the proof's own, and that none is left out.

import type { Balances } from './balances.ts';
import type { Difference } from './differences.ts';
import { disagreements } from './differences.ts';
import type { ReportedBalance } from './inputs.ts';
import type { Change, Changes } from './movements.ts';
import { NO_CHANGE } from './movements.ts';
import { isOwned } from './rules/account-names.ts';

type BalanceDifference = Extract<
  Difference,
  { kind: 'settled_balance_wrong' | 'settled_balance_missing' | 'version_hole' }
>;
type WithoutPlace<Each> = Each extends unknown ? Omit<Each, 'operationId' | 'ledgerNumber' | 'index'> : never;

export interface Seen {
  readonly changes: Changes;
  /** The account that stood in the way of a decline; null when none did. */
  readonly blocker: string | null;
  /** As they are after it. */
  readonly balances: Balances;
}

export function* checkReports(
  reports: readonly ReportedBalance[],
  { changes, blocker, balances }: Seen,
): Generator<WithoutPlace<BalanceDifference>> {
  const deciding = blocker === null ? [...changes.keys()] : [...changes.keys(), blocker];
  const unreported = new Set(deciding.filter(isOwned));
  for (const reported of reports) {
    unreported.delete(reported.accountId);
    yield* checkReported(reported, changes.get(reported.accountId), balances);
  }
  for (const accountId of unreported) yield { kind: 'settled_balance_missing', accountId };
}

function* checkReported(
  reported: ReportedBalance,
  change: Change | undefined,
  balances: Balances,
): Generator<WithoutPlace<BalanceDifference>> {
  const { accountId, version: found } = reported;
  const now = balances.of(accountId);
  const { postedMinor, heldMinor } = change ?? NO_CHANGE;
  const fields = disagreements([
    ['posted', now.postedMinor, reported.postedMinor],
    ['held', now.heldMinor, reported.heldMinor],
    ['posted change', postedMinor, reported.postedChangeMinor],
    ['held change', heldMinor, reported.heldChangeMinor],
    ['changed', change !== undefined, reported.changed],
    ['status', now.status, reported.status],
    ['overdraft', now.overdraftMinor, reported.overdraftMinor],
  ]);
  for (const disagreement of fields) yield { kind: 'settled_balance_wrong', accountId, ...disagreement };
  if (found !== now.version) yield { kind: 'version_hole', accountId, expected: now.version, found };
}
