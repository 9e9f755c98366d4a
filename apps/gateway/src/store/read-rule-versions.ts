// Reads how often each rule of a merchant's plans was changed, those that were taken out meanwhile among them.
import type { Queryable } from '@paystream/database';
import type { SettingsKey } from './read-settings.ts';

/** The highest version of each rule of this plan, by the rule's id. */
export async function readRuleVersions(
  database: Queryable,
  { merchantUuid, environment }: SettingsKey,
  plan: 'fee_plan' | 'risk_plan',
): Promise<Map<string, bigint>> {
  const rows = await database.query<{ rule_id: string; version: bigint }>({
    text: `SELECT rule ->> 'ruleId' AS rule_id, max((rule ->> 'version')::bigint) AS version
             FROM merchant_versions AS m,
                  json_array_elements(CASE $3 WHEN 'fee_plan' THEN m.fee_plan ELSE m.risk_plan END -> 'rules') AS rule
            WHERE m.merchant_id = $1 AND m.environment = $2
            GROUP BY 1`,
    values: [merchantUuid, environment, plan],
  });
  return new Map(rows.map(({ rule_id, version }) => [rule_id, version]));
}
