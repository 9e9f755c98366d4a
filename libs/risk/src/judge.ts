// Decides whether a merchant's rules let a request pass, and which of them the ledger has yet to judge.
import type { Failure } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { Question, RiskPlan, RiskRule, VelocityRule } from './risk-plan.ts';
import { questionOf } from './risk-plan.ts';
import type { MatchedRequest } from './rules-for.ts';
import { rulesFor } from './rules-for.ts';
import type { Screened } from './screening.ts';

/** Everything that rules look at. */
export interface JudgedRequest extends MatchedRequest {
  amountMinor: bigint;
  /** The customers and the merchant who give or get the money, as far as block lists ask. */
  partyIds: readonly string[];
  /** ISO 3166-1 alpha-2; null: not known, and then no rule about countries matches. */
  country: string | null;
}

/** One decision, field for field as payment.processed carries it. */
export interface RuleDecision {
  /** Rule, or `screening` for the hook. */
  ruleId: string;
  ruleVersion: bigint;
  /** allow | refuse */
  decision: string;
  reasonCode: string | null;
  observed: bigint | null;
  bound: bigint | null;
  currency: string | null;
}

export type Judgement =
  | { ok: true; decisions: RuleDecision[]; velocity: VelocityRule[] }
  /** The decisions up to the one that refused. */
  | { ok: false; decisions: RuleDecision[]; failure: Failure };

/** The ledger counts what these spend. */
const WITH_VELOCITY: ReadonlySet<string> = new Set(['pay', 'authorize', 'transfer']);

/**
 * Asks each rule for the request in the plan's order and stops at the first refusal. A rule that nothing can be judged by,
 * and a screening rule where nothing screens (`screened` is null), refuse as `misconfigured`: nothing is let pass by a guess.
 */
export function judge(request: JudgedRequest, riskPlan: RiskPlan | null, screened: Screened | null): Judgement {
  const decisions: RuleDecision[] = [];
  const velocity: VelocityRule[] = [];
  for (const rule of riskPlan === null ? [] : rulesFor(request, riskPlan)) {
    const question = questionOf(rule);
    if (question?.kind === 'velocity') {
      if (WITH_VELOCITY.has(request.operation)) velocity.push(question.rule);
      continue;
    }
    const answer = question === undefined ? undefined : answerTo(question, request, screened);
    if (answer === undefined) return { ok: false, decisions, failure: failureBy(rule, 'misconfigured') };
    const { failureCode, ...decision } = answer;
    decisions.push({ ruleId: rule.ruleId, ruleVersion: rule.version, ...decision });
    if (failureCode !== null) return { ok: false, decisions, failure: failureBy(rule, failureCode) };
  }
  return { ok: true, decisions, velocity };
}

type RefusalCode = 'rejected_by_rule' | 'compliance' | 'misconfigured';

/** A decision, but for the rule's name where the rule itself has taken it. */
type Answer = Omit<RuleDecision, 'ruleId' | 'ruleVersion'> &
  Partial<Pick<RuleDecision, 'ruleId' | 'ruleVersion'>> & { failureCode: RefusalCode | null };

type AskedHere = Exclude<Question, { kind: 'velocity' }>;

const NOT_MEASURED = { observed: null, bound: null, currency: null };

function answerTo(question: AskedHere, request: JudgedRequest, screened: Screened | null): Answer | undefined {
  switch (question.kind) {
    case 'amount': {
      const { boundMinor: bound, currency } = question;
      const observed = request.amountMinor;
      return { ...byRule(observed > bound), observed, bound, currency };
    }
    case 'country':
      return byRule(request.country !== null && question.matches.includes(request.country));
    case 'block_list':
      return byRule(request.partyIds.some((id) => question.matches.includes(id)));
    case 'screening':
      return screened === null ? undefined : byScreening(screened);
    default:
      return question satisfies never;
  }
}

function byRule(isRefused: boolean): Answer {
  const code = isRefused ? 'rejected_by_rule' : null;
  return { decision: isRefused ? 'refuse' : 'allow', reasonCode: code, failureCode: code, ...NOT_MEASURED };
}

/** The screening's own decision, by its own version; the failure names the merchant's rule that asked for it. */
function byScreening({ version, decision, reasonCode }: Screened): Answer {
  const failureCode = decision === 'refuse' ? 'compliance' : null;
  return { ruleId: 'screening', ruleVersion: version, decision, reasonCode, failureCode, ...NOT_MEASURED };
}

function failureBy({ ruleId, version }: RiskRule, code: RefusalCode): Failure {
  return failureOf(code, 'validation', { ruleId, ruleVersion: version });
}
