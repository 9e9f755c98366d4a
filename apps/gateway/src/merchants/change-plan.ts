// Changes one of a merchant's plans as a whole: a new version of the settings when something is another, else none.
import type { Transaction } from '@paystream/database';
import { HttpError } from '@paystream/http';
import type { FeePlan, FeeRule, RiskPlan, RiskRule } from '@paystream/topics';
import { insertSettings } from '../store/insert-settings.ts';
import { lockMerchant } from '../store/lock-merchant.ts';
import { readRuleVersions } from '../store/read-rule-versions.ts';
import type { Settings, SettingsKey } from '../store/read-settings.ts';
import { readSettings } from '../store/read-settings.ts';
import { areSame, nextRules } from './next-rules.ts';

export type PlanChange =
  | { plan: 'fee_plan'; rules: readonly Omit<FeeRule, 'version'>[] }
  | { plan: 'risk_plan'; rules: readonly Omit<RiskRule, 'version'>[] };

/**
 * Gives the settings as they are now, and whether they were changed.
 * @throws HttpError `object_not_found`
 */
export async function changePlan(
  transaction: Transaction,
  key: SettingsKey,
  change: PlanChange,
): Promise<{ settings: Settings; isChanged: boolean }> {
  await lockMerchant(transaction, key.merchantUuid);
  const before = await ownSettings(transaction, key);
  const newest = await readRuleVersions(transaction, key, change.plan);
  const after = planAfter(before, change, newest);
  if (after === null) return { settings: before, isChanged: false };
  await insertSettings(transaction, key, { feePlan: before.feePlan, riskPlan: before.riskPlan, ...after });
  return { settings: await ownSettings(transaction, key), isChanged: true };
}

/** @throws HttpError `object_not_found` */
export async function ownSettings(database: Transaction, key: SettingsKey): Promise<Settings> {
  const settings = await readSettings(database, key);
  if (settings === undefined) throw new HttpError('object_not_found');
  return settings;
}

/** Null when the plan is as asked already. */
function planAfter(
  { feePlan, riskPlan }: Settings,
  change: PlanChange,
  newest: ReadonlyMap<string, bigint>,
): { feePlan: FeePlan } | { riskPlan: RiskPlan } | null {
  switch (change.plan) {
    case 'fee_plan': {
      const rules = nextRules<FeeRule>(change.rules, feePlan.rules, newest);
      return areSame(rules, feePlan.rules) ? null : { feePlan: { ...feePlan, version: feePlan.version + 1n, rules } };
    }
    case 'risk_plan': {
      const { version, rules: current } = riskPlan ?? NO_RISK_PLAN;
      const rules = nextRules<RiskRule>(change.rules, current, newest);
      return areSame(rules, current) ? null : { riskPlan: { version: version + 1n, rules } };
    }
    default:
      return change satisfies never;
  }
}

/** What a merchant has who was never given one. */
export const NO_RISK_PLAN: RiskPlan = { version: 0n, rules: [] };
