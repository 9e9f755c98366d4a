// Decides which fees an operation costs: a pure function of the request and the merchant's plan.
import { percentOf } from '@paystream/money';
import type { Failure } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { Candidates, CompiledPlan, PricedKind } from './compile-plan.ts';
import type { FeeRule } from './fee-plan.ts';
import { isSound } from './fee-plan.ts';

/** Version of the rules in this room, written on every event they priced. Old versions stay beside new ones. */
export const RULES_VERSION = 1;

/** One fee with everything it was computed from, field for field as payment.processed carries it. */
export interface FeeLine {
  ruleId: string;
  ruleVersion: bigint;
  kind: string;
  bearer: string;
  /** Amount the percentage was taken of. */
  baseMinor: bigint;
  percentBps: number;
  fixedMinor: bigint;
  minMinor: bigint | null;
  maxMinor: bigint | null;
  refundPolicy: string;
  /** How and which band applied, as `whole:1000-4999` or `marginal:5000-` in minor units; null when the rule has no tiers. */
  tier: string | null;
  amountMinor: bigint;
  currency: string;
}

/** An amount above zero, with what the rules look at. */
export interface PricedRequest extends PricedKind {
  amountMinor: bigint;
}

export type Priced = { ok: true; fees: FeeLine[] } | { ok: false; failure: Failure };

/**
 * The fees of an operation by the merchant's plan, in minor units of the operation's currency. Each kind of fee is taken
 * once, by the rule that names most of the payment; marginal tiers each take their band's part. Every line is rounded
 * half to even, then held within its own bounds; all lines together never exceed the payment. A rule that makes no sense
 * fails the operation as `misconfigured` rather than charging a guess.
 */
export function priceOperation(request: PricedRequest, plan: CompiledPlan): Priced {
  const fees: FeeLine[] = [];
  let left = request.amountMinor;
  for (const candidates of plan.candidatesFor(request)) {
    for (const rule of rulesThatApply(candidates, request.amountMinor)) {
      if (!isSound(rule)) return { ok: false, failure: misconfiguredBy(rule) };
      const line = feeLineOf(rule, request, left);
      if (line.amountMinor === 0n) continue; // a fee of nothing is no fee: every line becomes a posting above zero
      left -= line.amountMinor;
      fees.push(line);
    }
  }
  return { ok: true, fees };
}

/** The first rule for this amount; when that is a marginal tier, it with all tiers below it that belong to it. */
export function rulesThatApply(candidates: Candidates, amountMinor: bigint): readonly FeeRule[] {
  const first = candidates.find((rule) => isInBand(rule, amountMinor));
  if (first === undefined) return [];
  if (first.tierMode !== 'marginal') return [first];
  return candidates.filter((rule) => isTierBeside(rule, first) && (rule.amountFromMinor ?? 0n) < amountMinor);
}

function isInBand({ amountFromMinor, amountBelowMinor }: FeeRule, amountMinor: bigint): boolean {
  return amountMinor >= (amountFromMinor ?? 0n) && (amountBelowMinor === null || amountMinor < amountBelowMinor);
}

function isTierBeside(rule: FeeRule, first: FeeRule): boolean {
  const isSameMatch = rule.methodType === first.methodType && rule.currency === first.currency;
  return rule.tierMode === 'marginal' && isSameMatch;
}

function feeLineOf(rule: FeeRule, request: PricedRequest, leftMinor: bigint): FeeLine {
  const { percentBps, fixedMinor, minMinor, maxMinor } = rule;
  const baseMinor = baseOf(rule, request.amountMinor);
  const computed = percentOf(baseMinor, percentBps) + fixedMinor;
  const atLeast = computed < (minMinor ?? 0n) ? (minMinor ?? 0n) : computed;
  const atMost = maxMinor !== null && atLeast > maxMinor ? maxMinor : atLeast;
  return {
    ruleId: rule.ruleId,
    ruleVersion: rule.version,
    kind: rule.kind,
    bearer: rule.bearer,
    baseMinor,
    percentBps,
    fixedMinor,
    minMinor,
    maxMinor,
    refundPolicy: rule.refundPolicy,
    tier: tierOf(rule),
    amountMinor: atMost > leftMinor ? leftMinor : atMost,
    currency: request.currency,
  };
}

/** The whole amount, or for a marginal tier the part of it that lies in the band. */
function baseOf({ tierMode, amountFromMinor, amountBelowMinor }: FeeRule, amountMinor: bigint): bigint {
  if (tierMode !== 'marginal') return amountMinor;
  const top = amountBelowMinor !== null && amountBelowMinor < amountMinor ? amountBelowMinor : amountMinor;
  return top - (amountFromMinor ?? 0n);
}

function tierOf({ tierMode, amountFromMinor, amountBelowMinor }: FeeRule): string | null {
  if (tierMode === null) return null;
  return `${tierMode}:${amountFromMinor ?? 0n}-${amountBelowMinor === null ? '' : amountBelowMinor - 1n}`;
}

/** The failure of an operation that a rule makes no sense for. */
export function misconfiguredBy({ ruleId, version }: FeeRule): Failure {
  return failureOf('misconfigured', 'validation', { ruleId, ruleVersion: version });
}
