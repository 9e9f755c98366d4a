// Says what the books keep of a payment, a pay-out and a dispute.
import type { FeeLine } from '@paystream/pricing';
import type { Conversion } from './processed-operation.ts';

/** What of a payment or pay-out never changes: follow-ups find their accounts, rates and fees here. */
export interface PaymentTerms {
  readonly paymentId: string;
  readonly kind: 'payment' | 'pay_out';
  readonly environment: string;
  readonly merchantId: string;
  /** Payer, or who is paid out; null for a merchant's pay-out. */
  readonly customerId: string | null;
  readonly currency: string;
  /** Of the whole, in minor units of its currency. */
  readonly amountMinor: bigint;
  readonly rulesVersion: number;
  /** As priced for the whole amount. */
  readonly fees: readonly Readonly<FeeLine>[];
  /** As priced for the whole amount; null when the wallet is in the payment's currency. */
  readonly fx: Conversion | null;
  /** When the hold ends if nothing is captured; microseconds since the epoch, UTC. */
  readonly expiresAt: bigint | null;
}

/** A payment or pay-out and where its money is, in minor units of its currency. */
export interface Payment extends PaymentTerms {
  /** A PaymentStatus; of a pay-out in_transit | paid | failed | returned | manual_review. */
  readonly status: string;
  readonly authorizedMinor: bigint;
  readonly capturedMinor: bigint;
  readonly capturePendingMinor: bigint;
  readonly refundedMinor: bigint;
  readonly refundPendingMinor: bigint;
  /** Under open disputes, or lost in disputes. */
  readonly disputedMinor: bigint;
  /** Of `disputedMinor` what is lost. */
  readonly lostMinor: bigint;
}

/** What is set aside for a dispute until it is won or lost. */
export interface Dispute {
  /** dp_… */
  readonly disputeId: string;
  /** As the fact named it. */
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  /** Payer of the payment. */
  readonly customerId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly feeMinor: bigint;
  /** Of both, what the merchant's payable lacked. */
  readonly fromReceivableMinor: bigint;
  /** Whether the merchant gave the money, or nobody could be asked and suspense did. */
  readonly source: 'merchant' | 'suspense';
  /** `review`: closed, and left to an operator. */
  readonly status: 'open' | 'won' | 'lost' | 'review';
}
