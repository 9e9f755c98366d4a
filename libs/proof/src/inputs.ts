// What the proof takes from the log: records as plain values, of which a decoded one fits as it is; it neither fetches nor decodes them.

import type { FeeLine, FeeTaken } from './fee-line.ts';

/** Items in order, in chunks of the caller's choice, so that neither side ever holds everything. */
export type Chunks<Item> = AsyncIterable<readonly Item[]>;

/** A conversion of `payment.processed` or `payment.settled`; `baseRate` is `toCurrency` per one `fromCurrency`. */
export interface Conversion {
  readonly fromCurrency: string;
  readonly toCurrency: string;
  readonly fromAmountMinor: bigint;
  readonly toAmountMinor: bigint;
  readonly baseRate: string;
  readonly markupBps: number;
  readonly markupMinor: bigint;
  readonly roundingMinor: bigint;
  readonly roundingCurrency: string;
  readonly rateSource: string;
  readonly ratePublishedAt: bigint;
  readonly quoteId: string | null;
}

/** One decision of a rule or limit, as records carry it. */
export interface RuleDecision {
  readonly ruleId: string;
  readonly ruleVersion: bigint;
  readonly decision: string;
  readonly observed: bigint | null;
  readonly bound: bigint | null;
  readonly currency: string | null;
}

export interface VelocityRule {
  readonly ruleId: string;
  readonly ruleVersion: bigint;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly count: bigint | null;
  readonly windowSeconds: bigint;
}

export interface OutsideFact {
  readonly type: string;
  readonly provider: string;
  readonly disputeId: string | null;
  readonly amountMinor: bigint | null;
  readonly feeMinor: bigint | null;
  readonly currency: string | null;
}

export interface CorrectionLine {
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
}

/** What every record about an operation repeats. */
export interface OperationIds {
  readonly operationId: string;
  readonly operation: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
}

/** The part of a `payment.processed` value that decides about money. Times are microseconds since the epoch. */
export interface AskedOperation extends OperationIds {
  readonly pass: number;
  readonly kind: string;
  readonly rulesVersion: number;
  readonly requestedAt: bigint;
  readonly method: { readonly type: string } | null;
  readonly sourceCurrency: string | null;
  readonly quote: {
    readonly quoteId: string;
    readonly baseRate: string;
    readonly markupBps: number;
    readonly quotedAt: bigint;
    readonly expiresAt: bigint;
  } | null;
  readonly authorize: { readonly expiresAt: bigint | null } | null;
  readonly capture: { readonly final: boolean } | null;
  readonly refund: { readonly rateChoice: string | null } | null;
  readonly transfer: {
    readonly legs: readonly { readonly payeeCustomerId: string; readonly amountMinor: bigint }[];
    readonly platformFeeMinor: bigint | null;
  } | null;
  readonly payOut: { readonly payeeType: string } | null;
  readonly account: {
    readonly accountId: string;
    readonly overdraftMinor: bigint | null;
    readonly dailyAmountMinor: bigint | null;
    readonly dailyCount: bigint | null;
  } | null;
  readonly correction: { readonly ofOperationId: string; readonly lines: readonly CorrectionLine[] } | null;
  readonly fees: readonly FeeLine[];
  readonly fx: Conversion | null;
  /** Of a route the rules only ask whether there is one. */
  readonly route: object | null;
  readonly failure: { readonly code: string } | null;
  readonly fact: OutsideFact | null;
  readonly decisions: readonly RuleDecision[] | null;
  readonly velocity: readonly VelocityRule[] | null;
}

/** Where a record lies by its key: the key, and the partition that any producer chooses for it. */
export interface RecordKey {
  readonly text: string | null;
  readonly partition: number;
}

/** One record of `payment.processed`; `operation` is null when its bytes cannot be read. */
export interface AskedRecord {
  readonly offset: bigint;
  readonly operation: AskedOperation | null;
  /** Null where it is not known, and then not judged. */
  readonly key: RecordKey | null;
}

/** An account as `payment.settled` reports it after the decision. */
export interface ReportedBalance {
  readonly accountId: string;
  readonly postedChangeMinor: bigint;
  readonly heldChangeMinor: bigint;
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly version: bigint;
  readonly changed: boolean;
  readonly status: string | null;
  readonly overdraftMinor: bigint | null;
}

/** Sums of a payment as `payment.settled` reports them after the decision. */
export interface PaymentTotals {
  readonly authorizedMinor: bigint;
  readonly capturedMinor: bigint;
  readonly capturePendingMinor: bigint;
  readonly refundedMinor: bigint;
  readonly refundPendingMinor: bigint;
  readonly disputedMinor: bigint;
}

/** What accounts say about a decision, on whichever topic: where it came from, where it stands, what became of it. */
export interface Outcome extends OperationIds {
  readonly status: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  readonly ledgerNumber: bigint;
  readonly ledgerIndex: number;
  /** Null says as little as an empty list. */
  readonly balances: readonly ReportedBalance[] | null;
}

/** The part of a `payment.settled` value that the proof checks. */
export interface SettledRecord extends Outcome {
  readonly paymentStatus: string;
  readonly fees: readonly FeeTaken[];
  readonly fx: Conversion | null;
  readonly failure: { readonly code: string } | null;
  readonly payment: PaymentTotals | null;
  readonly decisions: readonly RuleDecision[] | null;
}

/** A record of `payment.processed` that accounts put into its dead-letter topic, by the offset it came from. */
export interface DeadLetter {
  readonly sourceOffset: bigint;
}

/** How far the log reached and had been taken, so that neither side can be longer than the other unseen. */
export interface LogBounds {
  /** Offset up to which accounts had published, read before the snapshot of the books. */
  readonly published: bigint;
  /** End of `payment.processed`, read before the snapshot of the books. */
  readonly endBefore: bigint;
  /** End of `payment.processed`, read after the ends of all that follows from it. */
  readonly end: bigint;
}

/** Everything the log says about one partition of `payment.processed`. */
export interface PartitionLog {
  readonly partition: number;
  /** First offset of `payment.processed` that the books do not yet hold. */
  readonly cut: bigint;
  readonly bounds: LogBounds;
  /** By offset, up to `bounds.endBefore` at least. */
  readonly asked: Chunks<AskedRecord>;
  /** In the order published, which is the order of source offsets. */
  readonly settled: Chunks<SettledRecord>;
  /** What accounts wrote to `payment.progressed`, in the order published; no other writer's records. */
  readonly progressed: Chunks<Outcome>;
  /** In the order published, which is the order of source offsets. */
  readonly deadLetters: Chunks<DeadLetter>;
}
