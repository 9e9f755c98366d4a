// Decides a refund: the merchant gives back all or a part of what was captured, and fees go back as their rules say.
import { isPaymentStatus, nextState } from '@paystream/payments';
import type { FeeLine } from '@paystream/pricing';
import { isSoundConversion } from '@paystream/pricing';
import { feeChanges, feesBackAt, returnedAt } from '../customer-money.ts';
import type { GivingBack } from '../give-back.ts';
import { giveBackAtOriginalRate, giveBackAtRate } from '../give-back.ts';
import type { Reading } from '../instruction.ts';
import { illegal } from '../instruction.ts';
import type { PaymentAccounts } from '../payment-accounts.ts';
import { conversionAccounts } from '../payment-accounts.ts';
import type { Payment } from '../payment.ts';
import type { Posting } from '../posting.ts';
import { move, moveEitherWay } from '../posting.ts';
import type { Conversion, ProcessedOperation } from '../processed-operation.ts';
import type { Amount } from '../read-money.ts';
import { readAmount } from '../read-money.ts';
import type { Verdict } from '../verdict.ts';
import { declined, succeeded } from '../verdict.ts';
import { readFollowUp } from './follow-up.ts';

/** A priced `refund`; at the payment's own rate, or at that of the record's `fx`. */
export function readRefund(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  if (asked.refund === null) return illegal('it lacks the terms of a refund');
  const isAtCurrentRate = asked.refund.rateChoice === 'current';
  if (asked.fx !== null && !isSoundConversion(asked.fx)) return illegal('its rate is none');
  return readFollowUp(asked, partition, {
    whenNone: 'refund_exceeds_captured',
    accountsOf: ({ fees }, accounts) => {
      const feeIncome = fees.length > 0 ? [accounts.feeIncome] : [];
      return [accounts.payable, accounts.wallet, ...feeIncome, ...conversionAccounts(accounts)];
    },
    decide: (payment, accounts) => {
      const rate = isAtCurrentRate && accounts.conversion !== null ? asked.fx : 'original';
      return refund(payment, { amount, accounts, rate });
    },
  });
}

interface Refund {
  amount: Amount;
  accounts: PaymentAccounts;
  /** The payment's own, or the conversion of today that was chosen; null when the record lacks it. */
  rate: Conversion | 'original' | null;
}

function refund(payment: Payment, { amount, accounts, rate }: Refund): Verdict {
  const { status, capturedMinor, disputedMinor } = payment;
  if (status === 'disputed' || status === 'charged_back') return declined('payment_disputed');
  const refundedMinor = payment.refundedMinor + amount.amountMinor;
  const event = refundedMinor === capturedMinor ? 'refunded_in_full' : 'refunded_in_part';
  const step = isPaymentStatus(status) ? nextState(status, event) : null;
  if (step?.ok !== true || refundedMinor + disputedMinor > capturedMinor) return declined('refund_exceeds_captured');
  if (amount.currency !== payment.currency) return declined('refund_exceeds_captured');
  if (!canConvert(rate, payment.currency, accounts.walletCurrency)) return declined('ledger_rejected', 'refund');

  const after: Payment = { ...payment, refundedMinor, status: step.to };
  const feesBack = feeChanges(
    payment.fees,
    feesBackAt(payment, payment.refundedMinor),
    feesBackAt(payment, refundedMinor),
  );
  const converted = convertBack(payment, after, { accounts, rate });
  return succeeded({
    postings: [...giveBack(payment, amount.amountMinor, { accounts, feesBack }), ...converted.postings],
    fees: feesBack.map((fee) => ({ ...fee, amountMinor: -fee.amountMinor })),
    fx: converted.fx,
    payment: after,
  });
}

interface Giving {
  accounts: PaymentAccounts;
  feesBack: readonly FeeLine[];
}

/** In the payment's currency: out of the merchant's payable and the house's fees, to the wallet or toward it. */
function giveBack({ currency }: Payment, refundMinor: bigint, { accounts, feesBack }: Giving): Posting[] {
  const { payable, feeIncome, wallet, conversion } = accounts;
  const customer = conversion === null ? wallet : conversion.position;
  return [
    ...move(payable, customer, currency, refundMinor),
    ...feesBack.flatMap(({ bearer, amountMinor }) =>
      moveEitherWay(feeIncome, bearer === 'merchant' ? payable : customer, currency, amountMinor),
    ),
  ];
}

function convertBack(
  before: Payment,
  after: Payment,
  { accounts, rate }: Pick<Refund, 'accounts' | 'rate'>,
): { postings: Posting[]; fx: Conversion | null } {
  const { wallet, walletCurrency, conversion } = accounts;
  if (conversion === null || rate === null) return { postings: [], fx: null };
  const fromMinor = returnedAt(before);
  const toMinor = returnedAt(after);
  const giving: GivingBack = { wallet, walletCurrency, conversion, fromMinor, toMinor };
  return rate === 'original'
    ? { postings: giveBackAtOriginalRate(before, giving), fx: null }
    : giveBackAtRate(rate, giving);
}

function canConvert(rate: Refund['rate'], from: string, to: string): boolean {
  return rate === 'original' || (rate?.fromCurrency === from && rate.toCurrency === to);
}
