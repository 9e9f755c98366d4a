// Says what a fee line is: the rule and the amount on a record, and what of it an operation took or gave back.

/** What of a fee an operation took, or gave back when below zero. */
export interface FeeTaken {
  readonly ruleId: string;
  readonly ruleVersion: bigint;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** What a fee is computed by: all of a line that does not depend on the amount. */
export interface FeeRule {
  readonly ruleId: string;
  readonly ruleVersion: bigint;
  /** processing | platform | … */
  readonly kind: string;
  readonly currency: string;
  readonly bearer: string;
  readonly percentBps: number;
  readonly fixedMinor: bigint;
  readonly minMinor: bigint | null;
  readonly maxMinor: bigint | null;
  readonly refundPolicy: string;
  /** `marginal:from-to` when the line is taken of a part of the amount only. */
  readonly tier: string | null;
}

/** A fee line of `payment.processed`: its rule, and what it comes to on the whole amount. */
export interface FeeLine extends FeeRule {
  readonly baseMinor: bigint;
  readonly amountMinor: bigint;
}
