// Knows double entry: every posting balances, every balance follows from postings.
export type { Account, AccountStatus } from './account.ts';
export { newAccount } from './account.ts';
export { accountsOf, paymentsOf } from './accounts-of.ts';
export { compareIds } from './compare-ids.ts';
export type { AccountEffect, Decided, Decision, FoldedBatch } from './decision.ts';
export type { LedgerState } from './fold-batch.ts';
export { foldBatch, operationKey } from './fold-batch.ts';
export type {
  BooksView,
  HoldChange,
  Instruction,
  OperationFailure,
  Outcome,
  Payment,
  PaymentTerms,
  Posting,
  ProcessedOperation,
  Reading,
  Verdict,
} from './model.ts';
export { illegal, legal } from './model.ts';
export { readOperation } from './read-operation.ts';
