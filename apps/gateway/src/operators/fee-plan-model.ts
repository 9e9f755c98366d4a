// Says what a fee plan looks like to operators, and which rules no fee could be computed from.
import { CLOSED, HttpError, nullable } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import { isSound, isSoundMarkup } from '@paystream/pricing';
import type { FeeRule } from '@paystream/topics';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import type { Settings } from '../store/read-settings.ts';
import { checkRuleIds, METHOD_TYPE, PLAN_FIELDS, RULE_ID, RULES_MAX } from './plan-model.ts';
import { REASON_FIELDS } from './reason.ts';
import { words } from '../words.ts';

const PERCENT_BPS_MAX = 10_000;

const Minor = Type.Integer({ minimum: 0, maximum: Number(HTTP_AMOUNT_MAX) });

/** A dispute's fee comes with the provider's fact, so no rule is for it. */
const KINDS = ['processing', 'platform', 'fx_markup', 'pay_out'] as const;
const PRICED = ['pay', 'authorize', 'transfer', 'pay_out'] as const;

const RULE_FIELDS = {
  rule_id: RULE_ID,
  kind: words(...KINDS),
  operation: words(...PRICED),
  percent_bps: Type.Integer({ minimum: 0, maximum: PERCENT_BPS_MAX }),
  bearer: words('merchant', 'customer'),
  refund_policy: words('keep', 'return_proportional', 'return_all'),
} as const;

const NULLABLE_FIELDS = {
  method_type: nullable(METHOD_TYPE),
  currency: nullable(Type.String({ maxLength: 3 })),
  amount_from: nullable(Minor),
  amount_below: nullable(Minor),
  tier_mode: nullable(words('whole', 'marginal')),
  min: nullable(Minor),
  max: nullable(Minor),
} as const;

const FeeRuleBody = Type.Object(
  { ...RULE_FIELDS, ...Type.Partial(Type.Object(NULLABLE_FIELDS)).properties, fixed: Type.Optional(Minor) },
  CLOSED,
);
type FeeRuleBody = Static<typeof FeeRuleBody>;

/** Kinds that are for some operations alone: elsewhere the rule would take nothing, or something under a wrong name. */
const ONLY_FOR: Partial<Record<FeeRuleBody['kind'], readonly FeeRuleBody['operation'][]>> = {
  fx_markup: ['pay', 'authorize'],
  pay_out: ['pay_out'],
};

/** A whole plan: what is not in it is no longer in force. */
export const FeePlanBody = Type.Object(
  { rules: Type.Array(FeeRuleBody, { maxItems: RULES_MAX }), ...REASON_FIELDS },
  CLOSED,
);
export type FeePlanBody = Static<typeof FeePlanBody>;

export const FeePlanObject = Type.Object(
  {
    object: Type.Literal('fee_plan'),
    id: Type.String(),
    ...PLAN_FIELDS,
    rules: Type.Array(
      Type.Object({ ...RULE_FIELDS, ...NULLABLE_FIELDS, version: Type.Integer(), fixed: Type.Integer() }, CLOSED),
    ),
  },
  CLOSED,
);

/** Throws HttpError with a pointer to the rule that cannot be applied. */
export function toFeeRules(rules: readonly FeeRuleBody[]): Omit<FeeRule, 'version'>[] {
  checkRuleIds(rules);
  return rules.map((body, place) => {
    const operations = ONLY_FOR[body.kind] ?? PRICED;
    if (!operations.includes(body.operation)) {
      const detail = `A rule of kind ${body.kind} is for ${operations.join(' or ')} alone.`;
      throw new HttpError('parameter_invalid', { param: `/rules/${place}/operation`, detail });
    }
    const rule = toFeeRule(body);
    const isApplicable = rule.kind === 'fx_markup' ? isSoundMarkup : isSound;
    if (isApplicable({ ...rule, version: 0n })) return rule;
    throw new HttpError('parameter_invalid', {
      param: `/rules/${place}`,
      detail:
        `No fee can be computed from rule ${place}: amounts want a currency of ISO 4217, ` +
        'max must not be below min, amount_below must be above amount_from, and a markup is a percentage alone.',
    });
  });
}

function toFeeRule(body: FeeRuleBody): Omit<FeeRule, 'version'> {
  return {
    ruleId: body.rule_id,
    kind: body.kind,
    operation: body.operation,
    methodType: body.method_type ?? null,
    currency: body.currency ?? null,
    amountFromMinor: minorOf(body.amount_from),
    amountBelowMinor: minorOf(body.amount_below),
    tierMode: body.tier_mode ?? null,
    percentBps: body.percent_bps,
    fixedMinor: BigInt(body.fixed ?? 0),
    minMinor: minorOf(body.min),
    maxMinor: minorOf(body.max),
    bearer: body.bearer,
    refundPolicy: body.refund_policy,
  };
}

function minorOf(value: number | null | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(value);
}

export function showFeePlan(merchant: string, environment: string, settings: Settings): object {
  const { feePlan, version, updatedAtMicros } = settings;
  return {
    object: 'fee_plan',
    id: feePlan.feePlanId,
    ...{ merchant, environment },
    version: feePlan.version,
    merchant_version: version,
    updated_at: isoMicros(updatedAtMicros),
    rules: feePlan.rules.map((rule) => ({
      rule_id: rule.ruleId,
      version: rule.version,
      kind: rule.kind,
      operation: rule.operation,
      method_type: rule.methodType,
      currency: rule.currency,
      amount_from: rule.amountFromMinor,
      amount_below: rule.amountBelowMinor,
      tier_mode: rule.tierMode,
      percent_bps: rule.percentBps,
      fixed: rule.fixedMinor,
      min: rule.minMinor,
      max: rule.maxMinor,
      bearer: rule.bearer,
      refund_policy: rule.refundPolicy,
    })),
  };
}
