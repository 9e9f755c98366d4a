// What the proof takes in: the log's records and the books' rows as plain values; it neither fetches nor decodes them.

/** Items in order, in chunks of the caller's choice, so that neither side ever holds everything. */
export type Chunks<Item> = AsyncIterable<readonly Item[]>;

/** The part of a `payment.processed` value that decides about money; a decoded record fits as it is. */
export interface AskedOperation {
  readonly operationId: string;
  readonly operation: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly pass: number;
  readonly kind: string;
  readonly rulesVersion: number;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly method: { readonly type: string } | null;
  readonly sourceCurrency: string | null;
  /** Of these the rules known so far only ask whether they are there. */
  readonly fx: object | null;
  readonly route: object | null;
  readonly fees: readonly { readonly amountMinor: bigint; readonly currency: string; readonly bearer: string }[];
  readonly failure: { readonly code: string } | null;
}

/** One record of `payment.processed`; `operation` is null when its bytes cannot be read. */
export interface AskedRecord {
  readonly offset: bigint;
  readonly operation: AskedOperation | null;
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
}

/** The part of a `payment.settled` value that the proof checks; a decoded record fits as it is. */
export interface SettledRecord {
  readonly operationId: string;
  readonly operation: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly status: string;
  readonly fees: readonly { readonly amountMinor: bigint; readonly currency: string }[];
  readonly failure: { readonly code: string } | null;
  readonly balances: readonly ReportedBalance[];
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  readonly ledgerNumber: bigint;
  readonly ledgerIndex: number;
}

/** A record of `payment.processed` that accounts put into its dead-letter topic, by the offset it came from. */
export interface DeadLetter {
  readonly sourceOffset: bigint;
}

/** Everything the log says about one partition of `payment.processed`, below the cut. */
export interface PartitionLog {
  readonly partition: number;
  /** First offset of `payment.processed` that the books do not yet hold. */
  readonly cut: bigint;
  /** By offset. */
  readonly asked: Chunks<AskedRecord>;
  /** In the order published, which is the order of source offsets. */
  readonly settled: Chunks<SettledRecord>;
  /** In the order published, which is the order of source offsets. */
  readonly deadLetters: Chunks<DeadLetter>;
}

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
  readonly status: string;
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

/** A balance as the books keep it; `postedMinor` is credits less debits. */
export interface AccountRow {
  readonly accountId: string;
  readonly currency: string;
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly version: bigint;
}

/** The books under proof: one consistent picture, taken at the same moment as every partition's cut. */
export interface Books {
  /** By (ledger number, index). */
  readonly operations: Chunks<OperationRow>;
  /** By (ledger number, index, line). */
  readonly postings: Chunks<PostingRow>;
  /** In any order. */
  readonly accounts: Chunks<AccountRow>;
  /** Decisions by operation id, of any pass; at most `LOOKUP_SIZE_MAX` ids a call. */
  readonly findOperations: (operationIds: readonly string[]) => Promise<readonly OperationRow[]>;
}
