// What the proof takes from the books: their rows as plain values.

import type { Chunks } from './inputs.ts';

/** Place in the books: (ledger number, index) is their order. */
export interface Place {
  readonly ledgerNumber: bigint;
  readonly index: number;
}

/** A decision as the books keep it. */
export interface OperationRow extends Place {
  readonly operationId: string;
  readonly operation: string;
  readonly paymentId: string;
  readonly pass: number;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  /** succeeded | failed | manual_review | admitted */
  readonly outcome: string;
  readonly failureCode: string | null;
}

/** One posting: `amountMinor` (above zero) moves from the debited to the credited account. */
export interface PostingRow extends Place {
  readonly line: number;
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly currency: string;
  readonly amountMinor: bigint;
}

/** An account as the books keep it; `postedMinor` is credits less debits, a limit of null is none. */
export interface AccountRow {
  readonly accountId: string;
  readonly currency: string;
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly version: bigint;
  readonly status: string;
  readonly overdraftMinor: bigint;
  readonly dailyAmountMinor: bigint | null;
  readonly dailyCount: bigint | null;
  /** Days since the epoch, UTC. */
  readonly spentDay: bigint;
  readonly spentAmountMinor: bigint;
  readonly spentCount: bigint;
}

/** A payment or pay-out as the books keep it. */
export interface PaymentRow {
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly kind: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly status: string;
  readonly authorizedMinor: bigint;
  readonly capturedMinor: bigint;
  readonly capturePendingMinor: bigint;
  readonly refundedMinor: bigint;
  readonly refundPendingMinor: bigint;
  readonly disputedMinor: bigint;
  readonly lostMinor: bigint;
  /** Microseconds since the epoch. */
  readonly expiresAt: bigint | null;
  readonly rulesVersion: number;
  /** Text of a JSON list: fee lines as priced for the whole amount, bigints as text. */
  readonly fees: string;
  /** Text of a JSON object: the conversion likewise; null where there is none. */
  readonly fx: string | null;
}

/** Which operation was corrected by which, as the books keep it. */
export interface CorrectionRow {
  readonly ofOperationId: string;
  readonly operationId: string;
}

/** What a customer spent where velocity rules count it, as the books keep it; `subject` is environment:merchant:customer. */
export interface SpendRow {
  readonly subject: string;
  /** Microseconds since the epoch. */
  readonly requestedAt: bigint;
  readonly currency: string;
  readonly amountMinor: bigint;
}

/** A dispute as the books keep it. */
export interface DisputeRow {
  readonly disputeId: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly feeMinor: bigint;
  readonly fromReceivableMinor: bigint;
  /** merchant | suspense */
  readonly source: string;
  /** open | won | lost | review */
  readonly status: string;
}

/** The books under proof: one consistent picture, taken at the same moment as every partition's cut. */
export interface Books {
  /** By (ledger number, index). */
  readonly operations: Chunks<OperationRow>;
  /** By (ledger number, index, line). */
  readonly postings: Chunks<PostingRow>;
  /** In any order. */
  readonly accounts: Chunks<AccountRow>;
  /** In any order. */
  readonly payments: Chunks<PaymentRow>;
  /** In any order. */
  readonly disputes: Chunks<DisputeRow>;
  /** In any order. */
  readonly corrections: Chunks<CorrectionRow>;
  /** In any order. */
  readonly spends: Chunks<SpendRow>;
  /** The number that the next batch will draw. */
  readonly nextLedgerNumber: () => Promise<bigint>;
  /** Decisions by operation id, of any pass; at most `LOOKUP_SIZE_MAX` ids a call. */
  readonly findOperations: (operationIds: readonly string[]) => Promise<readonly OperationRow[]>;
}
