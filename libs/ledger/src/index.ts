// Knows double entry: every posting balances, every balance follows from postings.
export type { Account, AccountStatus } from './account.ts';
export { newAccount } from './account.ts';
export type { BatchNeeds } from './accounts-of.ts';
export { accountsOf, needsOf } from './accounts-of.ts';
export { compareIds } from './compare-ids.ts';
export type { AccountEffect, Decided, Decision, FoldedBatch } from './decision.ts';
export type { LedgerState } from './fold-batch.ts';
export { foldBatch, operationKey } from './fold-batch.ts';
export type {
  BooksView,
  Conversion,
  HoldChange,
  Instruction,
  Needs,
  OperationFailure,
  Outcome,
  Posting,
  ProcessedOperation,
  Reading,
  RuleDecision,
  SettingsChange,
  Spend,
  Verdict,
  VelocityRule,
} from './model.ts';
export { illegal, legal } from './model.ts';
export type { Dispute, Payment, PaymentTerms } from './payment.ts';
export { readOperation } from './read-operation.ts';
