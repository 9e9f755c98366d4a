// Computes fees from what is on the event and in the merchant's plan; pure, so that anybody can compute them again.
export type { Candidates, CompiledPlan, PricedKind } from './compile-plan.ts';
export { compilePlan } from './compile-plan.ts';
export type { FeePlan, FeeRule } from './fee-plan.ts';
export { isSound } from './fee-plan.ts';
export type { FeeLine, Priced, PricedRequest } from './price-operation.ts';
export { priceOperation, RULES_VERSION } from './price-operation.ts';
