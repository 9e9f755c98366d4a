// Makes operations and books for this room's tests, each valid unless the test says otherwise.
import type { Account } from '../account.ts';
import { newAccount } from '../account.ts';
import { accountsOf } from '../accounts-of.ts';
import type { FoldedBatch } from '../decision.ts';
import type { LedgerState } from '../fold-batch.ts';
import { foldBatch, operationKey } from '../fold-batch.ts';
import type { Outcome, ProcessedOperation, Reading, Spend } from '../model.ts';
import type { Dispute, Payment } from '../payment.ts';
import { readOperation } from '../read-operation.ts';

/** 2026-09-01T10:00:00Z in microseconds since the epoch. */
export const TIME = 1_788_256_800_000_000n;

/** Input partition of every record in these tests. */
const PARTITION = 3;

const hex = (number: number): string => number.toString(16).padStart(32, '0');
export const customerId = (number: number): string => `cus_${hex(number)}`;
export const merchantId = (number: number): string => `mer_${hex(number)}`;
export const walletId = (number: number, currency = 'USD'): string => `test:wallet:${customerId(number)}:${currency}`;
export const payableId = (number: number, currency = 'USD'): string => `test:payable:${merchantId(number)}:${currency}`;
export const houseId = (kind: string, currency = 'USD'): string => `test:${kind}:${currency}:p${PARTITION}`;

export function aFee(amountMinor: bigint, overrides: Partial<ProcessedOperation['fees'][number]> = {}) {
  return {
    ruleId: 'standard',
    ruleVersion: 1n,
    kind: 'processing',
    bearer: 'merchant',
    baseMinor: 1_000n,
    percentBps: 0,
    fixedMinor: amountMinor,
    minMinor: null,
    maxMinor: null,
    refundPolicy: 'keep',
    tier: null,
    amountMinor,
    currency: 'USD',
    ...overrides,
  };
}

/** A payment of 10.00 USD from customer 1 to merchant 1, without fees; `number` makes its id. */
export function aPay(number: number, overrides: Partial<ProcessedOperation> = {}): ProcessedOperation {
  return {
    operationId: `pay_${hex(number)}`,
    operation: 'pay',
    paymentId: `pay_${hex(number)}`,
    environment: 'test',
    merchantId: merchantId(1),
    customerId: customerId(1),
    pass: 1,
    kind: 'priced',
    rulesVersion: 1,
    amountMinor: 1_000n,
    currency: 'USD',
    requestedAt: TIME,
    method: { type: 'wallet' },
    sourceCurrency: null,
    authorize: null,
    capture: null,
    refund: null,
    transfer: null,
    payOut: null,
    account: null,
    correction: null,
    fees: [],
    fx: null,
    route: null,
    failure: null,
    outcome: null,
    fact: null,
    velocity: null,
    ...overrides,
  };
}

/** A top-up of 10.00 USD into the wallet of customer 1. */
export function aTopUp(number: number, overrides: Partial<ProcessedOperation> = {}): ProcessedOperation {
  const id = `tu_${hex(number)}`;
  return aPay(number, {
    operationId: id,
    operation: 'top_up',
    paymentId: id,
    method: { type: 'sandbox' },
    ...overrides,
  });
}

/** Books that outlive a batch, as the store keeps them. */
export interface Books {
  accounts: Map<string, Account>;
  payments: Map<string, Payment>;
  disputes: Map<string, Dispute>;
  decided: Set<string>;
  outcomes: Map<string, Outcome>;
  corrected: Set<string>;
  spends: Map<string, Spend[]>;
}

export function emptyBooks(): Books {
  return {
    accounts: new Map(),
    payments: new Map(),
    disputes: new Map(),
    decided: new Set(),
    outcomes: new Map(),
    corrected: new Set(),
    spends: new Map(),
  };
}

/** The state that the store would load for these readings. */
export function loadState(books: Books, readings: readonly Reading[]): LedgerState {
  const accounts = accountsOf(readings, books.payments).map((id) => books.accounts.get(id) ?? newAccount(id));
  return { ...books, accounts: new Map(accounts.map((account) => [account.id, account])) };
}

/** Loads, folds and saves one batch, as the app does. */
export function runBatch(books: Books, operations: readonly ProcessedOperation[]): FoldedBatch {
  const readings = operations.map((operation) => readOperation(operation, PARTITION));
  const folded = foldBatch(loadState(books, readings), readings);
  for (const account of folded.accounts) books.accounts.set(account.id, account);
  for (const payment of [...folded.newPayments, ...folded.changedPayments]) {
    books.payments.set(payment.paymentId, payment);
  }
  for (const dispute of folded.disputes) books.disputes.set(dispute.disputeId, dispute);
  for (const { ofOperationId } of folded.corrections) books.corrected.add(ofOperationId);
  for (const { subject, spend } of folded.spends) {
    books.spends.set(subject, [...(books.spends.get(subject) ?? []), spend]);
  }
  for (const decision of folded.decisions) {
    if (decision.kind !== 'decided') continue;
    books.decided.add(operationKey(decision.asked));
    if (decision.asked.pass === 1) books.outcomes.set(decision.asked.operationId, decision.outcome);
  }
  return folded;
}
