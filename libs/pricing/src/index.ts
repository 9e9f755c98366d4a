// Computes fees and conversions from what is on the event and in the merchant's plan; pure, so that anybody can compute them again.
export type { Candidates, CompiledPlan, PricedKind } from './compile-plan.ts';
export { compilePlan } from './compile-plan.ts';
export type { ConversionTerms, Given, Taken } from './conversion.ts';
export { giveFor, isSoundConversion, takeFor } from './conversion.ts';
export type { DecidableRequest, DecidingMerchant, DecisionContext, RequestDecision } from './decide-request.ts';
export { decideRequest } from './decide-request.ts';
export type { FeePlan, FeeRule } from './fee-plan.ts';
export { isSound, isSoundMarkup } from './fee-plan.ts';
export { feeReturned, feesAt } from './partial-fees.ts';
export type { FxConversion, Markup, QuoteTerms } from './price-conversion.ts';
export { markupOf } from './price-conversion.ts';
export type { FeeLine, Priced, PricedRequest } from './price-operation.ts';
export { priceOperation, RULES_VERSION } from './price-operation.ts';
export type { FoundRate, Rates, ReferenceRate, WantedRate } from './rates.ts';
export { createRates } from './rates.ts';
