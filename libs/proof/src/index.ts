// Re-derives the books from the log by an independent fold; shares nothing with the ledger but the money type.
export { LOOKUP_SIZE_MAX } from './check-repetitions.ts';
export { describeDifference } from './describe.ts';
export type { Difference, Differences } from './differences.ts';
export { createDifferences, DIFFERENCES_KEPT_MAX, sumUp } from './differences.ts';
export type {
  AskedOperation,
  AskedRecord,
  Chunks,
  DeadLetter,
  Outcome,
  PartitionLog,
  SettledRecord,
} from './inputs.ts';
export type { ProofInput, ProofReport } from './prove.ts';
export { proveBooks } from './prove.ts';
export type {
  AccountRow,
  Books,
  CorrectionRow,
  DisputeRow,
  OperationRow,
  PaymentRow,
  PostingRow,
  SpendRow,
} from './rows.ts';
export type { AccountUpdate, MarkedAccount } from './whole/account-updates.ts';
export { checkAccountUpdates } from './whole/account-updates.ts';
export type { GatewayTables, MerchantViews } from './whole/merchant-views.ts';
export { createMerchantViews, sayBalance, sayState } from './whole/merchant-views.ts';
export { storedOutcomeRow } from './whole/shown.ts';
export type { KeyedText, ViewTable } from './whole/view.ts';
export { createView } from './whole/view.ts';
export type { AcceptedRow } from './whole/accepted.ts';
export type { Chain, ToldEvent } from './whole/chain.ts';
export { createChain } from './whole/chain.ts';
export { checkProviderEvents } from './whole/provider-events.ts';
export type { Prices } from './whole/prices.ts';
export { createPrices } from './whole/prices.ts';
export type { StoredVersion } from './whole/merchant-versions.ts';
export { learnVersions } from './whole/merchant-versions.ts';
