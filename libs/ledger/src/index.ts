// Knows double entry: every posting balances, every balance follows from postings.
export type { Account, AccountStatus } from './account.ts';
export { newAccount } from './account.ts';
export { accountsOf, needsOf } from './accounts-of.ts';
export { compareIds } from './compare-ids.ts';
export type { AccountEffect, Decided, FoldedBatch } from './decision.ts';
export { foldBatch, operationKey } from './fold-batch.ts';
export type { Reading } from './instruction.ts';
export { illegal } from './instruction.ts';
export type { Spend } from './limits.ts';
export type { LedgerState } from './open-books.ts';
export type { Dispute, Payment, PaymentTerms } from './payment.ts';
export type { Conversion, ProcessedOperation } from './processed-operation.ts';
export { readOperation } from './read-operation.ts';
export type { Outcome } from './verdict.ts';
