// Judges by what was spent before: an account's limits of the day, and a merchant's rules over a window of time.

import type { Account } from '../balances.ts';
import type { AskedOperation, RuleDecision, VelocityRule } from '../inputs.ts';
import type { Change } from '../movements.ts';
import { NO_CHANGE } from '../movements.ts';
import type { Spend } from '../spends.ts';
import type { State } from '../state.ts';

const MICROS_PER_DAY = 86_400_000_000n;

type Counters = Pick<Account, 'spentDay' | 'spentAmountMinor' | 'spentCount'>;

/** The account's counters with this operation; they start anew on a later day, and an earlier one counts to the day that stands. */
export function spentOn(account: Account, change: Change | undefined, requestedAt: bigint): Counters {
  const day = requestedAt / MICROS_PER_DAY;
  const { postedMinor, heldMinor } = change ?? NO_CHANGE;
  const spentMinor = heldMinor - postedMinor;
  if (day > account.spentDay) return { spentDay: day, spentAmountMinor: spentMinor, spentCount: 1n };
  const { spentDay, spentAmountMinor, spentCount } = account;
  return { spentDay, spentAmountMinor: spentAmountMinor + spentMinor, spentCount: spentCount + 1n };
}

/** The daily limit that the account would exceed with what was spent; null when none. */
export function findDailyRefusal(account: Account, spent: Counters, currency: string): RuleDecision | null {
  const { dailyAmountMinor, dailyCount } = account;
  if (dailyAmountMinor !== null && spent.spentAmountMinor > dailyAmountMinor) {
    return refusal('account.daily_amount', 1n, spent.spentAmountMinor, dailyAmountMinor, currency);
  }
  if (dailyCount !== null && spent.spentCount > dailyCount) {
    return refusal('account.daily_count', 1n, spent.spentCount, dailyCount, null);
  }
  return null;
}

/** The first velocity rule on the record that refuses it; null when none does. */
export function findVelocityRefusal(asked: AskedOperation, { spends }: State): RuleDecision | null {
  const { velocity, requestedAt, amountMinor, currency } = asked;
  if (amountMinor === null || currency === null) return null;
  for (const rule of velocity ?? []) {
    if (rule.currency !== null && rule.currency !== currency) continue;
    const earlier = spends.within(asked, requestedAt, rule.windowSeconds);
    const refused = refuseBy(rule, earlier, amountMinor, currency);
    if (refused !== null) return refused;
  }
  return null;
}

function refuseBy(
  { ruleId, ruleVersion, count, amountMinor: boundMinor }: VelocityRule,
  earlier: readonly Spend[],
  amountMinor: bigint,
  currency: string,
): RuleDecision | null {
  const observedCount = BigInt(earlier.length) + 1n;
  if (count !== null && observedCount > count) return refusal(ruleId, ruleVersion, observedCount, count, null);
  const spentMinor = earlier.reduce((sum, spend) => (spend.currency === currency ? sum + spend.amountMinor : sum), 0n);
  const observedMinor = spentMinor + amountMinor;
  if (boundMinor === null || observedMinor <= boundMinor) return null;
  return refusal(ruleId, ruleVersion, observedMinor, boundMinor, currency);
}

function refusal(
  ruleId: string,
  ruleVersion: bigint,
  observed: bigint,
  bound: bigint,
  currency: string | null,
): RuleDecision {
  return { ruleId, ruleVersion, decision: 'refuse', observed, bound, currency };
}
