// Says what a fact about a dispute is, and which status it leaves its payment in.
import { isPaymentStatus, nextState } from '@paystream/payments';
import type { PaymentAccounts } from '../payment-accounts.ts';
import type { Payment } from '../payment.ts';

/** A fact about a dispute with everything in it that deciding relies on. */
export interface DisputeFact {
  readonly type: 'dispute_opened' | 'dispute_won' | 'dispute_lost';
  readonly disputeId: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  /** Payer of the payment. */
  readonly customerId: string;
  readonly currency: string;
  /** Null: as the dispute was opened. */
  readonly amountMinor: bigint | null;
  readonly feeMinor: bigint;
}

/** The house's accounts that a dispute's money rests in. */
export interface DisputeAccounts {
  readonly disputed: string;
  readonly suspense: string;
  /** Where the provider's money is. */
  readonly clearing: string;
}

/** The payment that a fact is about, with its accounts. */
export interface Disputed {
  readonly payment: Payment;
  readonly accounts: PaymentAccounts;
}

/** The payment's status after an event of its disputes; the table of states has to have the step. */
export function statusAfter(
  status: string,
  event: 'dispute_opened' | 'dispute_won' | 'dispute_lost',
  target: string,
): string | null {
  if (!isPaymentStatus(status) || !isPaymentStatus(target)) return null;
  const step = nextState(status, event, target);
  return step.ok ? step.to : null;
}
