// Says what a fee plan is, and which of its rules no fee can be computed from.
import { isCurrency } from '@paystream/money';

/** One rule of a fee plan, field for field as merchant.updated carries it. */
export interface FeeRule {
  ruleId: string;
  version: bigint;
  /** processing | platform | fx_markup | dispute | pay_out */
  kind: string;
  /** Operation it prices. */
  operation: string;
  /** Null: any method. */
  methodType: string | null;
  /** Null: any currency, and then nothing in the rule is in minor units. */
  currency: string | null;
  amountFromMinor: bigint | null;
  amountBelowMinor: bigint | null;
  /** whole | marginal; null: not tiered. */
  tierMode: string | null;
  percentBps: number;
  fixedMinor: bigint;
  minMinor: bigint | null;
  maxMinor: bigint | null;
  /** merchant | customer */
  bearer: string;
  /** keep | return_proportional | return_all */
  refundPolicy: string;
}

/** A merchant's fee plan. */
export interface FeePlan {
  feePlanId: string;
  version: bigint;
  rules: readonly FeeRule[];
}

const PERCENT_BPS_MAX = 10_000;
const BEARERS: ReadonlySet<string> = new Set(['merchant', 'customer']);
const REFUND_POLICIES: ReadonlySet<string> = new Set(['keep', 'return_proportional', 'return_all']);
const TIER_MODES: ReadonlySet<string | null> = new Set([null, 'whole', 'marginal']);

/** True when a fee can be computed from the rule: its words are known, its amounts are in a currency and in order. */
export function isSound(rule: FeeRule): boolean {
  return hasKnownWords(rule) && hasAmountsInACurrency(rule) && hasAmountsInOrder(rule);
}

/** True when the rule gives the markup of a conversion: a percentage and nothing else, for the whole of the amount. */
export function isSoundMarkup(rule: FeeRule): boolean {
  const { fixedMinor, minMinor, maxMinor, tierMode } = rule;
  return isSound(rule) && fixedMinor === 0n && minMinor === null && maxMinor === null && tierMode !== 'marginal';
}

function hasKnownWords({ bearer, refundPolicy, tierMode, currency }: FeeRule): boolean {
  const known = BEARERS.has(bearer) && REFUND_POLICIES.has(refundPolicy) && TIER_MODES.has(tierMode);
  return known && (currency === null || isCurrency(currency));
}

function hasAmountsInACurrency(rule: FeeRule): boolean {
  if (rule.currency !== null) return true;
  const { fixedMinor, minMinor, maxMinor, amountFromMinor, amountBelowMinor } = rule;
  return fixedMinor === 0n && [minMinor, maxMinor, amountFromMinor, amountBelowMinor].every((minor) => minor === null);
}

function hasAmountsInOrder(rule: FeeRule): boolean {
  const { percentBps, fixedMinor, minMinor, maxMinor, amountFromMinor, amountBelowMinor } = rule;
  if (!Number.isInteger(percentBps) || percentBps < 0 || percentBps > PERCENT_BPS_MAX || fixedMinor < 0n) return false;
  if ((minMinor ?? 0n) < 0n || (amountFromMinor ?? 0n) < 0n) return false;
  if (maxMinor !== null && maxMinor < (minMinor ?? 0n)) return false;
  return amountBelowMinor === null || amountBelowMinor > (amountFromMinor ?? 0n);
}
