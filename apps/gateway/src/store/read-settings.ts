// Reads a merchant's newest settings in an environment.
import type { Queryable } from '@paystream/database';
import type { FeePlan, RiskPlan } from '@paystream/topics';
import type { StoredFeePlan } from '../merchants/fee-plans.ts';
import { toFeePlan } from '../merchants/fee-plans.ts';
import type { StoredRiskPlan } from '../merchants/risk-plans.ts';
import { toRiskPlan } from '../merchants/risk-plans.ts';

export interface SettingsKey {
  merchantUuid: string;
  environment: string;
}

export interface Settings {
  version: bigint;
  feePlan: FeePlan;
  /** Null: never had one. */
  riskPlan: RiskPlan | null;
  updatedAtMicros: bigint;
}

interface Row {
  version: bigint;
  fee_plan: StoredFeePlan;
  risk_plan: StoredRiskPlan | null;
  updated_at_micros: bigint;
}

/** Undefined when there is no such merchant in the environment. */
export async function readSettings(
  database: Queryable,
  { merchantUuid, environment }: SettingsKey,
): Promise<Settings | undefined> {
  const [row] = await database.query<Row>({
    name: 'read-settings',
    text: `SELECT version, fee_plan, risk_plan, (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at_micros
             FROM merchant_versions WHERE merchant_id = $1 AND environment = $2
            ORDER BY version DESC LIMIT 1`,
    values: [merchantUuid, environment],
  });
  if (row === undefined) return undefined;
  return {
    version: row.version,
    feePlan: toFeePlan(row.fee_plan),
    riskPlan: row.risk_plan && toRiskPlan(row.risk_plan),
    updatedAtMicros: row.updated_at_micros,
  };
}
