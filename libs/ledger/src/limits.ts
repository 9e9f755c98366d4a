// Decides by what a customer or merchant has spent lately: the daily limits of an account, and a merchant's velocity rules.
import type { RuleDecision, VelocityRule } from '@paystream/risk';
import { WINDOW_SECONDS_MAX } from '@paystream/risk';
import type { Account } from './account.ts';
import { spendableOf } from './account.ts';
import type { ProcessedOperation } from './processed-operation.ts';

const MICROS_PER_DAY = 86_400_000_000n;
const MICROS_PER_SECOND = 1_000_000n;
/** Of the limits that an account itself carries. */
const ACCOUNT_RULE_VERSION = 1n;

/** An earlier operation of a customer at a merchant that counts to velocity rules. */
export interface Spend {
  /** Microseconds since the epoch, UTC. */
  readonly requestedAt: bigint;
  readonly currency: string;
  readonly amountMinor: bigint;
}

/** What is wrong with a record's velocity rules, or null. */
export function faultInVelocity({ velocity }: ProcessedOperation): string | null {
  const isSound = ({ windowSeconds }: VelocityRule) => windowSeconds > 0n && windowSeconds <= WINDOW_SECONDS_MAX;
  return (velocity ?? []).every(isSound) ? null : 'a velocity rule looks back over nothing, or further than 30 days';
}

/** Whose earlier operations velocity rules look at: `test:mer_…:cus_…`; null when the record carries none. */
export function spendSubject({ environment, merchantId, customerId, velocity }: ProcessedOperation): string | null {
  if (velocity === null || velocity.length === 0 || customerId === null) return null;
  return `${environment}:${merchantId}:${customerId}`;
}

/** The account with this operation counted to its day; a later day begins anew, an earlier one counts to the day that stands. */
export function countSpending(before: Account, after: Account, requestedAt: bigint): Account {
  const day = requestedAt / MICROS_PER_DAY;
  const isNewDay = day > before.spentDay;
  return {
    ...after,
    spentDay: isNewDay ? day : before.spentDay,
    spentMinor: (isNewDay ? 0n : before.spentMinor) + spendableOf(before) - spendableOf(after),
    spentCount: (isNewDay ? 0n : before.spentCount) + 1n,
  };
}

/** The daily limit that refuses, or null. `counted` is the account with the operation in it. */
export function findDailyLimit({
  dailyAmountMinor,
  dailyCount,
  spentMinor,
  spentCount,
  currency,
}: Account): RuleDecision | null {
  const refusal = { ruleVersion: ACCOUNT_RULE_VERSION, decision: 'refuse', reasonCode: 'velocity_limit_exceeded' };
  if (dailyAmountMinor !== null && spentMinor > dailyAmountMinor) {
    return { ruleId: 'account.daily_amount', ...refusal, observed: spentMinor, bound: dailyAmountMinor, currency };
  }
  if (dailyCount !== null && spentCount > dailyCount) {
    return { ruleId: 'account.daily_count', ...refusal, observed: spentCount, bound: dailyCount, currency: null };
  }
  return null;
}

/** The first velocity rule that refuses, or null. */
export function findVelocityRule(asked: ProcessedOperation, earlier: readonly Spend[]): RuleDecision | null {
  for (const rule of asked.velocity ?? []) {
    const decision = judge(rule, asked, earlier);
    if (decision !== null) return decision;
  }
  return null;
}

function judge(rule: VelocityRule, asked: ProcessedOperation, earlier: readonly Spend[]): RuleDecision | null {
  const { requestedAt, currency, amountMinor } = asked;
  const from = requestedAt - rule.windowSeconds * MICROS_PER_SECOND;
  const within = earlier.filter((spend) => spend.requestedAt > from && spend.requestedAt <= requestedAt);
  const refusal = {
    ...{ ruleId: rule.ruleId, ruleVersion: rule.ruleVersion },
    ...{ decision: 'refuse', reasonCode: 'velocity_limit_exceeded' },
  };
  const count = BigInt(within.length) + 1n;
  if (rule.count !== null && count > rule.count) {
    return { ...refusal, observed: count, bound: rule.count, currency: null };
  }
  if (rule.amountMinor === null || rule.currency !== currency) return null;
  const sumMinor = within.reduce(
    (sum, spend) => (spend.currency === currency ? sum + spend.amountMinor : sum),
    amountMinor ?? 0n,
  );
  return sumMinor > rule.amountMinor ? { ...refusal, observed: sumMinor, bound: rule.amountMinor, currency } : null;
}
