// Stores the next version of a merchant's settings; what it does not name stays as it was. It is also its outbox row.
import type { Transaction } from '@paystream/database';
import type { FeePlan, RiskPlan } from '@paystream/topics';
import { toStoredFeePlan } from '../merchants/fee-plans.ts';
import { toStoredRiskPlan } from '../merchants/risk-plans.ts';
import type { SettingsKey } from './read-settings.ts';

export interface SettingsChange {
  feePlan: FeePlan;
  riskPlan: RiskPlan | null;
}

/** The merchant is locked. A version is in force later than the one before it, whatever the clock does. */
export async function insertSettings(
  transaction: Transaction,
  { merchantUuid, environment }: SettingsKey,
  { feePlan, riskPlan }: SettingsChange,
): Promise<void> {
  await transaction.execute({
    text: `INSERT INTO merchant_versions (merchant_id, environment, version, status, fee_plan, risk_plan, country, updated_at)
           SELECT merchant_id, environment, version + 1, status, $3::json, $4::json, country,
                  greatest(clock_timestamp(), updated_at + interval '1 microsecond')
             FROM merchant_versions WHERE merchant_id = $1 AND environment = $2
            ORDER BY version DESC LIMIT 1`,
    values: [
      merchantUuid,
      environment,
      JSON.stringify(toStoredFeePlan(feePlan)),
      riskPlan === null ? null : JSON.stringify(toStoredRiskPlan(riskPlan)),
    ],
  });
}
