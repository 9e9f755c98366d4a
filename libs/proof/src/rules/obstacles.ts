// Finds what stands in the way of a decision of ours: accounts first, then limits of the day, then velocity rules.

import { isWithinBounds } from '@paystream/money';
import type { Account } from '../balances.ts';
import type { AskedOperation, RuleDecision } from '../inputs.ts';
import type { Change, Changes } from '../movements.ts';
import { changesOf } from '../movements.ts';
import type { Effect, State } from '../state.ts';
import { isChecked } from './account-names.ts';
import { findDailyRefusal, findVelocityRefusal, spentOn } from './limits.ts';

export interface Obstacle {
  readonly code: string;
  /** The account that stood in the way; null when none did. */
  readonly accountId: string | null;
  /** The limit or rule that refused; null when none did. */
  readonly decision: RuleDecision | null;
}

/** The first obstacle, in the order in which they are asked for; null when there is none. */
export function findObstacle(asked: AskedOperation, effect: Effect, state: State): Obstacle | null {
  const changes = changesOf(effect.movements, effect.holds);
  return findAccountObstacle(changes, state) ?? findLimit(asked, effect, changes, state);
}

/** True when an account would leave the range that an account can have. */
export function leavesBounds({ movements, holds }: Effect, { balances }: State): boolean {
  return [...changesOf(movements, holds)].some(([accountId, change]) => !fits(balances.of(accountId), change));
}

function findAccountObstacle(changes: Changes, { balances }: State): Obstacle | null {
  for (const [accountId, change] of changes) {
    const account = balances.of(accountId);
    const code =
      (isChecked(accountId) ? whyNotUsable(account, change) : null) ??
      (fits(account, change) ? null : 'ledger_rejected');
    if (code !== null) return { code, accountId, decision: null };
  }
  return null;
}

function fits({ postedMinor, heldMinor }: Account, change: Change): boolean {
  const heldAfterMinor = heldMinor + change.heldMinor;
  return isWithinBounds(postedMinor + change.postedMinor) && isWithinBounds(heldAfterMinor) && heldAfterMinor >= 0n;
}

function whyNotUsable({ status, postedMinor, heldMinor, overdraftMinor }: Account, change: Change): string | null {
  if (status === 'closed') return 'account_closed_or_invalid';
  const fallMinor = change.heldMinor - change.postedMinor;
  if (fallMinor <= 0n) return null;
  if (status === 'frozen') return 'account_frozen';
  return postedMinor - heldMinor - fallMinor + overdraftMinor < 0n ? 'insufficient_funds' : null;
}

function findLimit(asked: AskedOperation, { spender }: Effect, changes: Changes, state: State): Obstacle | null {
  const code = 'velocity_limit_exceeded';
  if (spender === null) return null;
  const account = state.balances.of(spender);
  const spent = spentOn(account, changes.get(spender), asked.requestedAt);
  const currency = spender.split(':').at(-1) ?? '';
  const daily = findDailyRefusal(account, spent, currency);
  if (daily !== null) return { code, accountId: spender, decision: daily };
  const rule = asked.operation === 'pay_out' ? null : findVelocityRefusal(asked, state);
  return rule === null ? null : { code, accountId: null, decision: rule };
}
