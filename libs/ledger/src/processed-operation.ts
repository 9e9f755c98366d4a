// Says what a record of payment.processed carries, as far as the books need it.
import type { Failure } from '@paystream/payments';
import type { ConversionTerms, FeeLine } from '@paystream/pricing';
import type { VelocityRule } from '@paystream/risk';

/** Why an operation failed, as events carry it: the words of a newer writer are kept as they came. */
export type OperationFailure = { [Field in keyof Failure]: Failure[Field] extends string ? string : Failure[Field] };

/** A conversion as events carry it; money is computed from its terms, the rest is what came of them. */
export interface Conversion extends ConversionTerms {
  readonly fromAmountMinor: bigint;
  readonly toAmountMinor: bigint;
  readonly markupMinor: bigint;
  readonly roundingMinor: bigint;
  readonly roundingCurrency: string;
  readonly rateSource: string;
  readonly ratePublishedAt: bigint;
  readonly quoteId: string | null;
}

/** What the books need of a `payment.processed` value; a decoded record fits as it is. */
export interface ProcessedOperation {
  readonly operationId: string;
  readonly operation: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  /** 1: the processor's record. No other is known to these rules. */
  readonly pass: number;
  /** priced | refused | fact */
  readonly kind: string;
  readonly rulesVersion: number;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  /** Microseconds since the epoch, UTC: the time every rule judges by. */
  readonly requestedAt: bigint;
  readonly method: { readonly type: string } | null;
  readonly sourceCurrency: string | null;
  readonly authorize: { readonly expiresAt: bigint | null } | null;
  readonly capture: { readonly final: boolean } | null;
  /** rateChoice: original | current; null: original. */
  readonly refund: { readonly rateChoice: string | null } | null;
  readonly transfer: {
    readonly legs: readonly { readonly payeeCustomerId: string; readonly amountMinor: bigint }[];
    readonly platformFeeMinor: bigint | null;
  } | null;
  /** payeeType: merchant | customer */
  readonly payOut: { readonly payeeType: string } | null;
  readonly account: {
    readonly accountId: string;
    readonly overdraftMinor: bigint | null;
    readonly dailyAmountMinor: bigint | null;
    readonly dailyCount: bigint | null;
  } | null;
  readonly correction: {
    readonly ofOperationId: string;
    readonly lines: readonly {
      readonly debitAccountId: string;
      readonly creditAccountId: string;
      readonly currency: string;
      readonly amountMinor: bigint;
    }[];
  } | null;
  /** As priced for the whole amount; none where the books price it themselves, from the payment. */
  readonly fees: readonly Readonly<FeeLine>[];
  readonly fx: Conversion | null;
  readonly route: object | null;
  readonly failure: OperationFailure | null;
  readonly fact: {
    /** dispute_opened | dispute_won | dispute_lost | pay_out_paid | pay_out_failed | pay_out_returned */
    readonly type: string;
    readonly provider: string;
    readonly disputeId: string | null;
    readonly amountMinor: bigint | null;
    readonly feeMinor: bigint | null;
    readonly currency: string | null;
  } | null;
  /** Rules that only the books can judge; null: none. */
  readonly velocity: readonly VelocityRule[] | null;
}
