// Knows every version of every merchant's fee plan, and says by itself what an operation costs by each that can have been in force.

import type { FeeLine, FeeRule } from '../fee-line.ts';
import type { AskedOperation } from '../inputs.ts';
import { baseOf, feesByRule } from '../rules/fees.ts';

/** A rule of a fee plan: what it matches, and what it takes. */
export interface PlanRule {
  readonly ruleId: string;
  readonly version: bigint;
  readonly kind: string;
  readonly operation: string;
  readonly methodType: string | null;
  readonly currency: string | null;
  readonly amountFromMinor: bigint | null;
  readonly amountBelowMinor: bigint | null;
  readonly tierMode: string | null;
  readonly percentBps: number;
  readonly fixedMinor: bigint;
  readonly minMinor: bigint | null;
  readonly maxMinor: bigint | null;
  readonly bearer: string;
  readonly refundPolicy: string;
}

/** A version of a merchant's settings, in force from `updatedAt` until the next one. */
export interface MerchantVersion {
  readonly merchantId: string;
  readonly environment: string;
  readonly version: bigint;
  /** Microseconds since the epoch. */
  readonly updatedAt: bigint;
  readonly feePlan: { readonly rules: readonly PlanRule[] };
}

export interface FeePlans {
  readonly learn: (version: MerchantVersion) => void;
  /** The plans that can have been in force between the two times. */
  readonly between: (
    owner: Pick<MerchantVersion, 'merchantId' | 'environment'>,
    from: bigint,
    to: bigint,
  ) => readonly (readonly PlanRule[])[];
}

export function createFeePlans(): FeePlans {
  const byOwner = new Map<string, Map<bigint, MerchantVersion>>();
  const keyOf = ({ environment, merchantId }: Pick<MerchantVersion, 'merchantId' | 'environment'>): string =>
    `${environment} ${merchantId}`;
  return {
    learn: (version) => {
      const versions = byOwner.get(keyOf(version)) ?? new Map<bigint, MerchantVersion>();
      byOwner.set(keyOf(version), versions);
      // Told again it is the same; what is told differently later does not count.
      if (!versions.has(version.version)) versions.set(version.version, version);
    },
    between: (owner, from, to) => {
      const versions = [...(byOwner.get(keyOf(owner))?.values() ?? [])].toSorted((a, b) =>
        a.version < b.version ? -1 : 1,
      );
      return versions
        .filter(({ updatedAt }, index) => updatedAt <= to && (versions[index + 1]?.updatedAt ?? to + 1n) > from)
        .map(({ feePlan }) => feePlan.rules);
    },
  };
}

type Priced = Pick<AskedOperation, 'operation' | 'method'> & {
  readonly amountMinor: bigint;
  readonly currency: string;
};

const MARKUP = 'fx_markup';

/** The fee lines that a plan makes of an operation, in its order; a line of nothing is left out. */
export function feesByPlan(rules: readonly PlanRule[], priced: Priced): FeeLine[] {
  const kinds = [...new Set(rules.filter((rule) => isFor(rule, priced)).map(({ kind }) => kind))];
  const applied = kinds.filter((kind) => kind !== MARKUP).flatMap((kind) => rulesOf(kind, rules, priced));
  const lines = applied.map((rule) => toFeeRule(rule, priced.currency));
  const amounts = feesByRule(lines, priced.amountMinor);
  return lines
    .map((line, index) => ({ ...line, baseMinor: baseOf(line, priced.amountMinor), amountMinor: amounts[index] ?? 0n }))
    .filter(({ amountMinor }) => amountMinor > 0n);
}

/** The markup of a conversion by a plan, in basis points. */
export function markupByPlan(rules: readonly PlanRule[], priced: Priced): number {
  return rulesOf(MARKUP, rules, priced)[0]?.percentBps ?? 0;
}

/** The rule that names most of the operation and whose band holds the amount; of a marginal one all tiers up to it. */
function rulesOf(kind: string, rules: readonly PlanRule[], priced: Priced): readonly PlanRule[] {
  const { amountMinor } = priced;
  const candidates = rules
    .filter((rule) => rule.kind === kind && isFor(rule, priced))
    .toSorted((a, b) => named(b) - named(a));
  const first = candidates.find(
    ({ amountFromMinor: from, amountBelowMinor: below }) =>
      amountMinor >= (from ?? 0n) && (below === null || amountMinor < below),
  );
  if (first === undefined) return [];
  if (first.tierMode !== 'marginal') return [first];
  return candidates.filter(
    (rule) =>
      rule.tierMode === 'marginal' && named(rule) === named(first) && (rule.amountFromMinor ?? 0n) < amountMinor,
  );
}

/** Rules for `pay` price an authorization too. */
function isFor(rule: PlanRule, { operation, method, currency }: Priced): boolean {
  if (rule.operation !== (operation === 'authorize' ? 'pay' : operation)) return false;
  const isMethod = rule.methodType === null || rule.methodType === (method?.type ?? null);
  return isMethod && (rule.currency === null || rule.currency === currency);
}

/** A method counts for more than a currency. */
function named({ methodType, currency }: PlanRule): number {
  return (methodType === null ? 0 : 2) + (currency === null ? 0 : 1);
}

function toFeeRule(rule: PlanRule, currency: string): FeeRule {
  const { ruleId, version: ruleVersion, kind, bearer, percentBps, fixedMinor, minMinor, maxMinor, refundPolicy } = rule;
  const { tierMode, amountFromMinor, amountBelowMinor } = rule;
  const to = amountBelowMinor === null ? '' : amountBelowMinor - 1n;
  const tier = tierMode === null ? null : `${tierMode}:${amountFromMinor ?? 0n}-${to}`;
  return {
    ruleId,
    ruleVersion,
    kind,
    currency,
    bearer,
    percentBps,
    fixedMinor,
    minMinor,
    maxMinor,
    refundPolicy,
    tier,
  };
}
