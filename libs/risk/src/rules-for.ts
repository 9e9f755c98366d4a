// Finds which of a merchant's rules are for a request.
import type { RiskPlan, RiskRule } from './risk-plan.ts';

/** What a request shows of itself to a rule's match. */
export interface MatchedRequest {
  operation: string;
  methodType: string | null;
  currency: string;
}

/** What begins with money and may be refused; what follows on it is bound by what has been agreed already. */
const JUDGED: ReadonlySet<string> = new Set(['pay', 'authorize', 'transfer', 'top_up', 'pay_out']);

/** The rules for a request, in the plan's order. A rule for `pay` judges `authorize` too: one is paid now, one later. */
export function rulesFor(request: MatchedRequest, { rules }: RiskPlan): RiskRule[] {
  if (!JUDGED.has(request.operation)) return [];
  return rules.filter((rule) => isFor(rule, request));
}

function isFor({ operation, methodType, currency }: RiskRule, request: MatchedRequest): boolean {
  const isOperation =
    operation === null || operation === request.operation || (operation === 'pay' && request.operation === 'authorize');
  const isMethod = methodType === null || methodType === request.methodType;
  return isOperation && isMethod && (currency === null || currency === request.currency);
}
