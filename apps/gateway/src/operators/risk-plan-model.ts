// Says what a plan of rules against misuse looks like to operators, and by which rules nothing could be judged.
import { CLOSED, HttpError, nullable } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import { questionOf, WINDOW_SECONDS_MAX } from '@paystream/risk';
import type { RiskRule } from '@paystream/topics';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import { NO_RISK_PLAN } from '../merchants/change-plan.ts';
import type { Settings } from '../store/read-settings.ts';
import { checkRuleIds, METHOD_TYPE, PLAN_FIELDS, RULE_ID, RULES_MAX } from './plan-model.ts';
import { REASON_FIELDS } from './reason.ts';
import { checkText } from '../text-rules.ts';
import { words } from '../words.ts';

const MATCHES_MAX = 1_000;

const KINDS = ['amount', 'velocity_amount', 'velocity_count', 'country', 'block_list', 'screening'] as const;
const JUDGED = ['pay', 'authorize', 'transfer', 'top_up', 'pay_out'] as const;
/** What the ledger counts for velocity rules: what customers spend. */
const COUNTED: ReadonlySet<string> = new Set(['pay', 'authorize', 'transfer']);
const COUNTRY = /^[A-Z]{2}$/;

const RULE_FIELDS = {
  rule_id: RULE_ID,
  kind: words(...KINDS),
  decision: Type.Literal('refuse', { description: 'review is refused until a payment can be set aside and resolved' }),
} as const;

const NULLABLE_FIELDS = {
  operation: nullable(words(...JUDGED)),
  method_type: nullable(METHOD_TYPE),
  currency: nullable(Type.String({ maxLength: 3 })),
  amount: nullable(Type.Integer({ minimum: 0, maximum: Number(HTTP_AMOUNT_MAX) })),
  count: nullable(Type.Integer({ minimum: 0, maximum: Number(HTTP_AMOUNT_MAX) })),
  window_seconds: nullable(Type.Integer({ minimum: 1, maximum: Number(WINDOW_SECONDS_MAX) })),
  matches: nullable(
    Type.Array(Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$' }), {
      minItems: 1,
      maxItems: MATCHES_MAX,
      description: 'Countries or ids, as they go onto the log: no names, no addresses',
    }),
  ),
} as const;

const RiskRuleBody = Type.Object({ ...RULE_FIELDS, ...Type.Partial(Type.Object(NULLABLE_FIELDS)).properties }, CLOSED);
type RiskRuleBody = Static<typeof RiskRuleBody>;

/** A whole plan: what is not in it is no longer in force. */
export const RiskPlanBody = Type.Object(
  { rules: Type.Array(RiskRuleBody, { maxItems: RULES_MAX }), ...REASON_FIELDS },
  CLOSED,
);
export type RiskPlanBody = Static<typeof RiskPlanBody>;

export const RiskPlanObject = Type.Object(
  {
    object: Type.Literal('risk_plan'),
    ...PLAN_FIELDS,
    rules: Type.Array(Type.Object({ ...RULE_FIELDS, ...NULLABLE_FIELDS, version: Type.Integer() }, CLOSED)),
  },
  CLOSED,
);

/** Throws HttpError with a pointer to the rule by which nothing can be judged. */
export function toRiskRules(rules: readonly RiskRuleBody[]): Omit<RiskRule, 'version'>[] {
  checkRuleIds(rules);
  return rules.map((body, place) => {
    const rule = toRiskRule(body);
    for (const match of rule.matches ?? []) checkText(match, `/rules/${place}/matches`);
    if (questionOf({ ...rule, version: 0n }) !== undefined && canMatch(rule)) return rule;
    throw new HttpError('parameter_invalid', {
      param: `/rules/${place}`,
      detail: `Nothing can be judged by rule ${place}: ${NEEDS[body.kind]}.`,
    });
  });
}

/** A rule that could never refuse anybody would be trusted for nothing. */
function canMatch({ kind, operation, matches }: Omit<RiskRule, 'version'>): boolean {
  if (kind === 'country') return matches?.every((country) => COUNTRY.test(country)) ?? false;
  if (kind === 'velocity_amount' || kind === 'velocity_count') return operation === null || COUNTED.has(operation);
  return true;
}

const NEEDS: Readonly<Record<RiskRuleBody['kind'], string>> = {
  amount: 'amount wants an amount and a currency of ISO 4217',
  velocity_amount: `velocity_amount wants an amount, a currency of ISO 4217 and window_seconds, and counts ${[...COUNTED].join(', ')} alone`,
  velocity_count: `velocity_count wants a count and window_seconds, and counts ${[...COUNTED].join(', ')} alone`,
  country: 'country wants matches of two upper-case letters',
  block_list: 'block_list wants matches',
  screening: 'screening wants decision refuse',
};

function toRiskRule(body: RiskRuleBody): Omit<RiskRule, 'version'> {
  return {
    ruleId: body.rule_id,
    kind: body.kind,
    decision: body.decision,
    operation: body.operation ?? null,
    methodType: body.method_type ?? null,
    currency: body.currency ?? null,
    amountMinor: bigintOf(body.amount),
    count: bigintOf(body.count),
    windowSeconds: bigintOf(body.window_seconds),
    matches: body.matches ?? null,
  };
}

function bigintOf(value: number | null | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(value);
}

export function showRiskPlan(merchant: string, environment: string, settings: Settings): object {
  const { riskPlan, version, updatedAtMicros } = settings;
  const plan = riskPlan ?? NO_RISK_PLAN;
  return {
    object: 'risk_plan',
    ...{ merchant, environment },
    version: plan.version,
    merchant_version: version,
    updated_at: isoMicros(updatedAtMicros),
    rules: plan.rules.map((rule) => ({
      rule_id: rule.ruleId,
      version: rule.version,
      kind: rule.kind,
      decision: rule.decision,
      operation: rule.operation,
      method_type: rule.methodType,
      currency: rule.currency,
      amount: rule.amountMinor,
      count: rule.count,
      window_seconds: rule.windowSeconds,
      matches: rule.matches,
    })),
  };
}
