// Says what a fee line is: the terms on a record, and what of it an operation took or gave back.

/** What of a fee an operation took, or gave back when below zero. */
export interface FeeTaken {
  readonly ruleId: string;
  readonly ruleVersion: bigint;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** A fee line of `payment.processed`: what it is computed from, and what it comes to on the whole amount. */
export interface FeeLine extends FeeTaken {
  readonly bearer: string;
  readonly baseMinor: bigint;
  readonly percentBps: number;
  readonly fixedMinor: bigint;
  readonly minMinor: bigint | null;
  readonly maxMinor: bigint | null;
  readonly refundPolicy: string;
  /** `marginal:from-to` when the line is taken of a part of the amount only. */
  readonly tier: string | null;
}
