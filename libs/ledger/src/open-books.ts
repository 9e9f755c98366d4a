// Lays what the fold has written over the state it began with, so that each record sees what those before it left.
import type { Account } from './account.ts';
import { compareIds } from './compare-ids.ts';
import type { FoldedBatch } from './decision.ts';
import type { BooksView } from './instruction.ts';
import type { Spend } from './limits.ts';
import type { Dispute, Payment } from './payment.ts';
import type { Outcome } from './verdict.ts';

/** The books as a batch finds them, everything locked that others may change. */
export interface LedgerState {
  /** Every account that an instruction of the batch names. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** The payments and pay-outs that instructions of the batch name, as far as they exist. */
  readonly payments: ReadonlyMap<string, Payment>;
  /** The disputes that instructions of the batch name, as far as they exist. */
  readonly disputes: ReadonlyMap<string, Dispute>;
  /** Of the batch's operations, the `operationKey`s of those decided before. */
  readonly decided: ReadonlySet<string>;
  /** Of the operations that instructions name, how those of this partition were decided last. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Of the operations that instructions name, those that were corrected. */
  readonly corrected: ReadonlySet<string>;
  /** Earlier operations by the subjects of the batch's velocity rules; older than every rule's window may be missing. */
  readonly spends: ReadonlyMap<string, readonly Spend[]>;
}

export interface OpenBooks extends BooksView {
  /** Earlier operations that count to a subject's velocity rules. */
  spendsOf(subject: string): readonly Spend[];
  writeAccounts(accounts: Iterable<Account>): void;
  writePayment(payment: Payment): void;
  writeDispute(dispute: Dispute): void;
  writeOutcome(operationId: string, outcome: Outcome): void;
  writeCorrection(ofOperationId: string, operationId: string): void;
  writeSpend(subject: string, spend: Spend, index: number): void;
  changes(): Omit<FoldedBatch, 'decisions'>;
}

export function openBooks(state: LedgerState): OpenBooks {
  const accounts = new Map<string, Account>();
  const payments = new Map<string, Payment>();
  const disputes = new Map<string, Dispute>();
  const outcomes = new Map<string, Outcome>();
  const corrections = new Map<string, string>();
  const spends: FoldedBatch['spends'][number][] = [];
  /** Of subjects that have spent in this batch: all that counts, with what was spent before it. */
  const spendsSoFar = new Map<string, Spend[]>();
  return {
    account: (accountId) => {
      const account = accounts.get(accountId) ?? state.accounts.get(accountId);
      if (account === undefined) throw new Error(`account ${accountId} was not loaded for this batch`);
      return account;
    },
    payment: (paymentId) => payments.get(paymentId) ?? state.payments.get(paymentId),
    dispute: (disputeId) => disputes.get(disputeId) ?? state.disputes.get(disputeId),
    outcomeOf: (operationId) => outcomes.get(operationId) ?? state.outcomes.get(operationId),
    isCorrected: (operationId) => corrections.has(operationId) || state.corrected.has(operationId),
    spendsOf: (subject) => spendsSoFar.get(subject) ?? state.spends.get(subject) ?? [],
    writeAccounts: (changed) => {
      for (const account of changed) accounts.set(account.id, account);
    },
    writePayment: (payment) => void payments.set(payment.paymentId, payment),
    writeDispute: (dispute) => void disputes.set(dispute.disputeId, dispute),
    writeOutcome: (operationId, outcome) => void outcomes.set(operationId, outcome),
    writeCorrection: (ofOperationId, operationId) => void corrections.set(ofOperationId, operationId),
    writeSpend: (subject, spend, index) => {
      spends.push({ subject, spend, index });
      const sofar = spendsSoFar.get(subject) ?? [...(state.spends.get(subject) ?? [])];
      sofar.push(spend);
      spendsSoFar.set(subject, sofar);
    },
    changes: () => {
      const written = [...payments.values()].toSorted((a, b) => compareIds(a.paymentId, b.paymentId));
      return {
        accounts: [...accounts.values()].toSorted((a, b) => compareIds(a.id, b.id)),
        newPayments: written.filter(({ paymentId }) => !state.payments.has(paymentId)),
        changedPayments: written.filter(({ paymentId }) => state.payments.has(paymentId)),
        disputes: [...disputes.values()].toSorted((a, b) => compareIds(a.disputeId, b.disputeId)),
        spends,
        corrections: [...corrections].map(([ofOperationId, operationId]) => ({ ofOperationId, operationId })),
      };
    },
  };
}
