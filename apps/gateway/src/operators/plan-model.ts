// Says what a merchant's plans have in common on the operators' listener.
import { HttpError } from '@paystream/http';
import { Type } from 'typebox';
import { checkText } from '../text-rules.ts';

/** More than any plan needs, and few enough to be asked one by one for every payment. */
export const RULES_MAX = 200;

export const RULE_ID = Type.String({
  pattern: '^[a-z0-9_.-]{1,64}$',
  description: 'Unique in the plan; on every event',
});

/** Of a payment's method, in lower snake: rules go onto the log, and hold nobody's words. */
export const METHOD_TYPE = Type.String({ pattern: '^[a-z_]{1,32}$' });

/** What stands above the rules of a plan that is shown. */
export const PLAN_FIELDS = {
  merchant: Type.String(),
  environment: Type.String(),
  version: Type.Integer({ description: '+1 per change of the plan' }),
  merchant_version: Type.Integer({ description: 'Version of merchant.updated that carries it' }),
  updated_at: Type.String({ format: 'date-time' }),
} as const;

/** Throws HttpError with a pointer to a rule whose name an earlier one has, or nothing may have. */
export function checkRuleIds(rules: readonly { rule_id: string }[]): void {
  const met = new Set<string>();
  for (const [place, { rule_id: ruleId }] of rules.entries()) {
    checkText(ruleId, `/rules/${place}/rule_id`);
    if (met.has(ruleId)) {
      const detail = `Rule ${place} has the name of an earlier one.`;
      throw new HttpError('parameter_invalid', { param: `/rules/${place}/rule_id`, detail });
    }
    met.add(ruleId);
  }
}
