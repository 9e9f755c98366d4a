// Says what an estimate looks like: what a payment would cost, and who would bear it.
import { CLOSED, nullable } from '@paystream/http';
import type { RequestDecision } from '@paystream/pricing';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import { Failure, Fee, Fx, PaymentBody } from '../payments/model.ts';
import { toFailureObject, toFeeObject, toFxObject } from '../payments/money-objects.ts';
import type { TriedClaim } from './try-claim.ts';

const { amount, currency, capture_method, source_currency, fx_quote } = PaymentBody.properties;

/** What of a payment decides about its cost; a customer, when named, also about the merchant's rules. */
export const EstimateBody = Type.Object(
  {
    amount,
    currency,
    capture_method,
    source_currency,
    fx_quote,
    customer: Type.Optional(PaymentBody.properties.customer),
  },
  CLOSED,
);
export type EstimateBody = Static<typeof EstimateBody>;

const Money = Type.Object({ amount: Type.Integer(), currency: Type.String() }, CLOSED);

/** A decision as it is shown, of the processor and the ledger. */
export const DecisionObject = Type.Object(
  {
    outcome: Type.String(),
    failure: nullable(Failure),
    rules: Type.Array(
      Type.Object(
        {
          rule_id: Type.String(),
          rule_version: Type.Integer(),
          decision: Type.String(),
          reason_code: nullable(Type.String()),
          observed: nullable(Type.Integer()),
          bound: nullable(Type.Integer()),
          currency: nullable(Type.String()),
        },
        CLOSED,
      ),
      { description: 'Rules that were asked, in order' },
    ),
  },
  CLOSED,
);

export const EstimateObject = Type.Object(
  {
    object: Type.Literal('estimate'),
    decision: DecisionObject,
    fees: Type.Array(Fee),
    fx: nullable(Fx),
    customer_pays: nullable(Money),
    merchant_gets: nullable(Money),
    as_of: Type.String({ format: 'date-time', description: 'Rates and plan are those of this time' }),
  },
  CLOSED,
);

export function showEstimate({ claim, decision, asOfMicros }: TriedClaim): object {
  const isPriced = decision.kind === 'priced';
  return {
    object: 'estimate',
    decision: {
      outcome: decision.kind,
      failure: isPriced ? null : toFailureObject(decision.failure),
      rules: decision.decisions.map(toRuleObject),
    },
    ...showCosts(decision),
    customer_pays: isPriced ? customerPays(claim, decision) : null,
    merchant_gets: isPriced ? merchantGets(claim, decision) : null,
    as_of: isoMicros(asOfMicros),
  };
}

/** Fees and conversion of a decision. */
export function showCosts(decision: RequestDecision): object {
  if (decision.kind === 'refused') return { fees: [], fx: null };
  return { fees: decision.fees.map(toFeeObject), fx: decision.fx && toFxObject(decision.fx) };
}

export function toRuleObject(rule: RequestDecision['decisions'][number]): object {
  const { ruleId, ruleVersion, decision, reasonCode, observed, bound, currency: unit } = rule;
  return {
    rule_id: ruleId,
    rule_version: ruleVersion,
    decision,
    reason_code: reasonCode,
    observed,
    bound,
    currency: unit,
  };
}

type Asked = Pick<TriedClaim['claim'], 'amountMinor' | 'currency'>;
type Priced = Extract<RequestDecision, { kind: 'priced' }>;

function customerPays(asked: Asked, { fees, fx }: Priced): object {
  if (fx !== null) return { amount: fx.fromAmountMinor, currency: fx.fromCurrency };
  return { amount: (asked.amountMinor ?? 0n) + borneBy('customer', fees), currency: asked.currency };
}

function merchantGets(asked: Asked, { fees }: Priced): object {
  return { amount: (asked.amountMinor ?? 0n) - borneBy('merchant', fees), currency: asked.currency };
}

function borneBy(bearer: string, fees: Priced['fees']): bigint {
  return fees.reduce((sum, fee) => (fee.bearer === bearer ? sum + fee.amountMinor : sum), 0n);
}
