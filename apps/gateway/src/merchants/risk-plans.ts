// Owns how a plan of rules against misuse rests in the database.
import type { RiskPlan, RiskRule } from '@paystream/topics';
import type { Stored } from './stored-plan.ts';
import { bigintOrNull, textOrNull } from './stored-plan.ts';

export type StoredRiskPlan = Stored<RiskPlan>;

export function toStoredRiskPlan(plan: RiskPlan): StoredRiskPlan {
  return { version: String(plan.version), rules: plan.rules.map(toStoredRule) };
}

function toStoredRule(rule: RiskRule): Stored<RiskRule> {
  return {
    ...rule,
    version: String(rule.version),
    amountMinor: textOrNull(rule.amountMinor),
    count: textOrNull(rule.count),
    windowSeconds: textOrNull(rule.windowSeconds),
  };
}

export function toRiskPlan(stored: StoredRiskPlan): RiskPlan {
  return { version: BigInt(stored.version), rules: stored.rules.map(toRule) };
}

function toRule(stored: Stored<RiskRule>): RiskRule {
  return {
    ...stored,
    version: BigInt(stored.version),
    amountMinor: bigintOrNull(stored.amountMinor),
    count: bigintOrNull(stored.count),
    windowSeconds: bigintOrNull(stored.windowSeconds),
  };
}
