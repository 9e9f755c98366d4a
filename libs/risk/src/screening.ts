// Says what a screening answers, and which requests it is asked about.
import type { RiskPlan } from './risk-plan.ts';
import type { MatchedRequest } from './rules-for.ts';
import { rulesFor } from './rules-for.ts';

/** What a screening says of one request. */
export interface ScreeningAnswer {
  decision: 'allow' | 'refuse';
  /** A code, never free text. */
  reasonCode: string | null;
}

/** An answer, and the version of the screening that gave it. */
export interface Screened extends ScreeningAnswer {
  version: bigint;
}

/** True when a rule of the plan wants the request screened. */
export function wantsScreening(request: MatchedRequest, riskPlan: RiskPlan | null): boolean {
  return riskPlan !== null && rulesFor(request, riskPlan).some(({ kind }) => kind === 'screening');
}
