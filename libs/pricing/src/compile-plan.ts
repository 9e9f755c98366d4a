// Finds which rules of a plan are for an operation, once per operation, method and currency instead of once per payment.
import type { FeePlan, FeeRule } from './fee-plan.ts';

/** What a payment shows of itself to the rules, but its amount. */
export interface PricedKind {
  operation: string;
  methodType: string | null;
  currency: string;
}

/** The rules of one kind of fee, those that name more of the payment first; the payment's amount decides among them. */
export type Candidates = readonly FeeRule[];

/** A fee plan that remembers what it found out. */
export interface CompiledPlan {
  /** One list per kind of fee, in the plan's order. */
  candidatesFor(kind: PricedKind): readonly Candidates[];
  /** Those for the markup of a conversion. */
  markupsFor(kind: PricedKind): Candidates;
}

/** Above the number of all operations, methods and currencies in use together; beyond it nothing more is remembered. */
const REMEMBERED_MAX = 1_000;

/** Markup is part of a conversion, not a fee of the operation. */
const MARKUP = 'fx_markup';

/** Prepares a plan for pricing many payments. */
export function compilePlan(plan: FeePlan): CompiledPlan {
  const remembered = new Map<string, Compiled>();
  const compiledFor = (kind: PricedKind): Compiled => {
    const name = `${kind.operation} ${kind.methodType ?? '*'} ${kind.currency}`;
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const compiled = compile(plan, kind);
    if (remembered.size < REMEMBERED_MAX) remembered.set(name, compiled);
    return compiled;
  };
  return {
    candidatesFor: (kind) => compiledFor(kind).fees,
    markupsFor: (kind) => compiledFor(kind).markups,
  };
}

interface Compiled {
  fees: readonly Candidates[];
  markups: Candidates;
}

function compile(plan: FeePlan, kind: PricedKind): Compiled {
  const byKind = Map.groupBy(
    plan.rules.filter((rule) => isFor(rule, kind)),
    (rule) => rule.kind,
  );
  // A stable sort: rules that name equally much stay in the plan's order.
  const sorted = (rules: FeeRule[] = []): Candidates => rules.toSorted((a, b) => specificityOf(b) - specificityOf(a));
  const markups = sorted(byKind.get(MARKUP));
  byKind.delete(MARKUP);
  return { fees: [...byKind.values()].map(sorted), markups };
}

/** An authorized payment costs what a payment costs: rules for `pay` price both. */
function isFor({ operation, methodType, currency }: FeeRule, kind: PricedKind): boolean {
  if (operation !== (kind.operation === 'authorize' ? 'pay' : kind.operation)) return false;
  return (methodType === null || methodType === kind.methodType) && (currency === null || currency === kind.currency);
}

/** A rule that names the method goes before one that names the currency, and that before one that names neither. */
function specificityOf({ methodType, currency }: FeeRule): number {
  return (methodType === null ? 0 : 2) + (currency === null ? 0 : 1);
}
