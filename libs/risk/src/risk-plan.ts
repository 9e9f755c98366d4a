// Says what a merchant's rules against misuse are, and which of them nothing can be judged by.
import { isCurrency } from '@paystream/money';

/** One rule, field for field as merchant.updated carries it. */
export interface RiskRule {
  ruleId: string;
  version: bigint;
  /** amount | velocity_amount | velocity_count | country | block_list | screening */
  kind: string;
  /** What follows when it matches: refuse. */
  decision: string;
  /** Null: any. */
  operation: string | null;
  /** Null: any. */
  methodType: string | null;
  /** Null: any; what `amountMinor` is in. */
  currency: string | null;
  /** Bound of an amount, or of the sum over the window. */
  amountMinor: bigint | null;
  /** Bound of the count over the window. */
  count: bigint | null;
  windowSeconds: bigint | null;
  /** Countries or ids it matches. */
  matches: readonly string[] | null;
}

/** A merchant's rules, asked in this order. */
export interface RiskPlan {
  version: bigint;
  rules: readonly RiskRule[];
}

/** A rule over what the customer did lately, which only the ledger can judge; field for field as payment.processed carries it. */
export interface VelocityRule {
  ruleId: string;
  ruleVersion: bigint;
  /** Bound of the sum over the window, in `currency`; null: not bounded. */
  amountMinor: bigint | null;
  currency: string | null;
  /** Bound of the count over the window; null: not bounded. */
  count: bigint | null;
  windowSeconds: bigint;
}

/** What a rule asks. */
export type Question =
  | { kind: 'amount'; boundMinor: bigint; currency: string }
  | { kind: 'country' | 'block_list'; matches: readonly string[] }
  | { kind: 'screening' }
  | { kind: 'velocity'; rule: VelocityRule };

/** Thirty days: further back the ledger does not look. */
export const WINDOW_SECONDS_MAX = 2_592_000n;

/**
 * What a rule asks; undefined when nothing can be judged by it, as its kind is unknown or it lacks what its kind needs.
 * Nothing can set a payment aside for a person to look at, so a rule that asks for `review` asks nothing either.
 */
export function questionOf(rule: RiskRule): Question | undefined {
  if (rule.decision !== 'refuse') return undefined;
  const { matches } = rule;
  switch (rule.kind) {
    case 'amount': {
      const bound = boundOf(rule);
      return bound === undefined ? undefined : { kind: 'amount', ...bound };
    }
    case 'country':
    case 'block_list':
      return matches === null ? undefined : { kind: rule.kind, matches };
    case 'screening':
      return { kind: 'screening' };
    case 'velocity_amount':
    case 'velocity_count':
      return velocityOf(rule);
    default:
      return undefined;
  }
}

function velocityOf(rule: RiskRule): Question | undefined {
  const { ruleId, version: ruleVersion, count, windowSeconds } = rule;
  if (windowSeconds === null || windowSeconds <= 0n || windowSeconds > WINDOW_SECONDS_MAX) return undefined;
  if (rule.kind === 'velocity_count') {
    if (count === null || count < 0n) return undefined;
    return { kind: 'velocity', rule: { ruleId, ruleVersion, amountMinor: null, currency: null, count, windowSeconds } };
  }
  const bound = boundOf(rule);
  if (bound === undefined) return undefined;
  const { boundMinor: amountMinor, currency } = bound;
  return { kind: 'velocity', rule: { ruleId, ruleVersion, amountMinor, currency, count: null, windowSeconds } };
}

function boundOf({ amountMinor, currency }: RiskRule): { boundMinor: bigint; currency: string } | undefined {
  if (amountMinor === null || amountMinor < 0n || currency === null || !isCurrency(currency)) return undefined;
  return { boundMinor: amountMinor, currency };
}
