// Decides what follows a hold: a capture of all or a part of it, or its end by cancel or expiry.
import type { FailureCode, PaymentState } from '@paystream/payments';
import { isPaymentStatus, nextState } from '@paystream/payments';
import { costBetween } from '../customer-money.ts';
import type { Reading } from '../instruction.ts';
import { illegal } from '../instruction.ts';
import type { PaymentAccounts } from '../payment-accounts.ts';
import type { Payment } from '../payment.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import type { Amount } from '../read-money.ts';
import { readAmount } from '../read-money.ts';
import { accountsOfTaking, take } from '../take.ts';
import type { HoldChange, Verdict } from '../verdict.ts';
import { declined, succeeded } from '../verdict.ts';
import { readFollowUp } from './follow-up.ts';

/** A priced `capture`: takes a part of what is held; when it is final, or the sum is the whole, the rest is given back. */
export function readCapture(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  if (asked.capture === null) return illegal('it does not say whether it is final');
  const { final } = asked.capture;
  return readFollowUp(asked, partition, {
    whenNone: 'payment_not_capturable',
    accountsOf: accountsOfTaking,
    decide: (payment, accounts) => capture(payment, { amount, final, accounts }),
  });
}

interface Capture {
  amount: Amount;
  final: boolean;
  accounts: PaymentAccounts;
}

function capture(payment: Payment, { amount, final, accounts }: Capture): Verdict {
  const capturedMinor = payment.capturedMinor + amount.amountMinor;
  const isLast = final || capturedMinor === payment.authorizedMinor;
  const status = stateAfter(payment, isLast ? 'captured_in_full' : 'captured_in_part');
  if (status === null) return declined(whyNotCapturable(payment.status));
  if (amount.currency !== payment.currency) return declined('payment_not_capturable');
  if (capturedMinor > payment.authorizedMinor) return declined('exceeds_authorized_amount');
  const { postings, fees, costMinor } = take(payment, accounts, payment.capturedMinor, capturedMinor);
  return succeeded({
    postings,
    fees,
    holds: release(accounts, isLast ? heldFor(payment) : costMinor),
    payment: { ...payment, capturedMinor, status },
  });
}

/** A priced `cancel` or `expire`: everything still held is given back. */
export function readEndOfHold(asked: ProcessedOperation, partition: number): Reading {
  return readFollowUp(asked, partition, {
    whenNone: 'payment_not_capturable',
    accountsOf: (_terms, { wallet }) => [wallet],
    decide: (payment, accounts) => {
      const isExpiry = asked.operation === 'expire';
      const status = stateAfter(payment, isExpiry ? 'hold_expired' : 'voided');
      if (status === null) return declined(whyNotCapturable(payment.status));
      const isDue = payment.expiresAt !== null && asked.requestedAt >= payment.expiresAt;
      if (isExpiry && !isDue) return declined('payment_not_capturable');
      return succeeded({ holds: release(accounts, heldFor(payment)), payment: { ...payment, status } });
    },
  });
}

type EndOfHold = 'captured_in_full' | 'captured_in_part' | 'voided' | 'hold_expired';

function stateAfter({ status }: Payment, event: EndOfHold): PaymentState | null {
  if (!isPaymentStatus(status)) return null;
  const step = nextState(status, event);
  return step.ok ? step.to : null;
}

/** What of the hold is left: what the part that is not captured would cost. */
function heldFor(payment: Payment): bigint {
  return costBetween(payment, payment.capturedMinor, payment.authorizedMinor).totalMinor;
}

function release({ wallet }: PaymentAccounts, heldMinor: bigint): HoldChange[] {
  return heldMinor === 0n ? [] : [{ accountId: wallet, heldChangeMinor: -heldMinor }];
}

function whyNotCapturable(status: string): FailureCode {
  switch (status) {
    case 'succeeded':
    case 'partially_refunded':
    case 'refunded':
    case 'disputed':
    case 'charged_back':
      return 'already_captured';
    case 'canceled':
      return 'already_voided';
    case 'expired':
      return 'hold_expired';
    default:
      return 'payment_not_capturable';
  }
}
