// Judges a request by the merchant's rules against misuse; pure, so that anybody can judge it again.
export type { JudgedRequest, Judgement, RuleDecision } from './judge.ts';
export { judge } from './judge.ts';
export type { Question, RiskPlan, RiskRule, VelocityRule } from './risk-plan.ts';
export { questionOf, WINDOW_SECONDS_MAX } from './risk-plan.ts';
export type { MatchedRequest } from './rules-for.ts';
export type { Screened, ScreeningAnswer } from './screening.ts';
export { wantsScreening } from './screening.ts';
