// Decides a pay-out: admitted, it leaves its purse and is in transit; outside it is then paid, or fails, or comes back.
import { canReceive, owedOn } from '../account.ts';
import type { BooksView, Reading } from '../instruction.ts';
import { illegal, legal, NO_NEEDS } from '../instruction.ts';
import { ownPayment } from '../own-payment.ts';
import type { PayOutAccounts } from '../pay-out-accounts.ts';
import { payOutAccounts } from '../pay-out-accounts.ts';
import type { Payment, PaymentTerms } from '../payment.ts';
import { move } from '../posting.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import type { Amount } from '../read-money.ts';
import { faultInFees, readAmount } from '../read-money.ts';
import type { Verdict } from '../verdict.ts';
import { forReview, happened, succeeded } from '../verdict.ts';
import { hasCode } from './refused.ts';

/** A priced `pay_out`: what the owner owes is repaid first, then the amount goes on its way, and the fees are taken. */
export function readPayOut(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  const fault = faultInFees(asked, amount) ?? faultInPayee(asked);
  if (fault !== null) return illegal(fault);
  const { paymentId, environment, merchantId, customerId, rulesVersion, fees } = asked;
  const terms: PaymentTerms = {
    ...{ paymentId, kind: 'pay_out', environment, merchantId, customerId, ...amount, rulesVersion, fees },
    fx: null,
    expiresAt: null,
  };
  const accounts = payOutAccounts(asked, amount.currency, partition);
  const { purse, receivable, inTransit, feeIncome } = accounts;
  return legal({
    asked,
    needs: NO_NEEDS,
    opens: terms,
    accountsOf: () => [purse, receivable, inTransit, ...(fees.length > 0 ? [feeIncome] : [])],
    decide: (books) => {
      const { currency, amountMinor } = amount;
      return succeeded({
        outcome: 'admitted',
        postings: [
          ...move(purse, receivable, currency, owedOn(books.account(receivable))),
          ...move(purse, inTransit, currency, amountMinor),
          ...fees.flatMap((fee) => move(purse, feeIncome, currency, fee.amountMinor)),
        ],
        fees,
        payment: { ...terms, ...NO_SUMS, status: 'in_transit' },
        spentFrom: purse,
      });
    },
  });
}

const NO_SUMS = {
  authorizedMinor: 0n,
  capturedMinor: 0n,
  capturePendingMinor: 0n,
  refundedMinor: 0n,
  refundPendingMinor: 0n,
  disputedMinor: 0n,
  lostMinor: 0n,
} as const;

function faultInPayee({
  operationId,
  paymentId,
  customerId,
  payOut,
  method,
  route,
  fx,
}: ProcessedOperation): string | null {
  if (paymentId !== operationId) return 'it is not the first operation of its pay-out';
  if (payOut === null) return 'it does not say who is paid out';
  if (payOut.payeeType !== (customerId === null ? 'merchant' : 'customer')) return 'its payee is not who it names';
  return method?.type === 'sandbox' && route === null && fx === null ? null : 'only pay-outs of the sandbox are known';
}

/** Whether the provider says that it was paid, by the type of its report. */
const REPORTS: Readonly<Record<string, boolean>> = { pay_out_paid: true, pay_out_failed: false };

/**
 * The fact that a provider reports how a pay-out ended. One that fits what is on its way ends it; any other is an operation
 * of its own, and leaves the pay-out as it is. It cannot be declined.
 */
export function readReport(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  const { fact, failure } = asked;
  const isPaid = REPORTS[fact?.type ?? ''];
  if (fact === null || isPaid === undefined) return illegal('its fact is no report of a pay-out');
  if (fact.amountMinor !== amount.amountMinor || fact.currency !== amount.currency)
    return illegal('its fact is of another amount than it says');
  if (!isPaid && !hasCode(failure)) return illegal('it reports a failure without a code');
  const accounts = payOutAccounts(asked, amount.currency, partition);
  const { purse, inTransit, world, suspense, feeIncome } = accounts;
  /** The pay-out, when the report is about it as it is: its amount and currency never change. */
  const reportedOn = <Terms extends PaymentTerms>(found: Terms | undefined): Terms | undefined => {
    const own = ownPayment(asked, 'pay_out', found);
    return own !== undefined && isOf(own, amount) ? own : undefined;
  };
  return legal({
    asked,
    needs: { ...NO_NEEDS, paymentId: asked.paymentId },
    opens: null,
    accountsOf: (found) => [suspense, world, ...(reportedOn(found) === undefined ? [] : [purse, inTransit, feeIncome])],
    decide: (books) => {
      const payOut = reportedOn(books.payment(asked.paymentId));
      if (payOut?.status === 'in_transit') {
        return isPaid ? paid(payOut, accounts) : failed(payOut, accounts, { books, failure });
      }
      // What is known already is told once more: it has happened, and nothing follows from it.
      if (payOut?.status === (isPaid ? 'paid' : 'failed')) return happened();
      return forReview({ postings: isPaid ? move(suspense, world, amount.currency, amount.amountMinor) : [] });
    },
  });
}

function paid(payOut: Payment, { inTransit, world }: PayOutAccounts): Verdict {
  const { paymentId, amountMinor, currency, fees } = payOut;
  const postings = move(inTransit, world, currency, amountMinor);
  return happened({ postings, fees, payment: { ...payOut, status: 'paid' }, ends: paymentId });
}

/** Amount and fees go back into the purse; into suspense when nothing may come into it any more. */
function failed(
  payOut: Payment,
  { purse, inTransit, feeIncome, suspense }: PayOutAccounts,
  { books, failure }: { books: BooksView; failure: ProcessedOperation['failure'] },
): Verdict {
  const { paymentId, amountMinor, currency, fees } = payOut;
  const isOpen = canReceive(books.account(purse));
  const target = isOpen ? purse : suspense;
  const changes = {
    postings: [
      ...move(inTransit, target, currency, amountMinor),
      ...fees.flatMap((fee) => move(feeIncome, target, currency, fee.amountMinor)),
    ],
    payment: { ...payOut, status: isOpen ? 'failed' : 'manual_review' },
    ends: paymentId,
  };
  return isOpen ? happened({ ...changes, outcome: 'failed', failure }) : forReview(changes);
}

/** The fact that a pay-out which was paid has come back. It cannot be declined. */
export function readReturn(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  const { fact } = asked;
  if (fact?.type !== 'pay_out_returned') return illegal('its fact is no return of a pay-out');
  if (fact.amountMinor !== amount.amountMinor || fact.currency !== amount.currency)
    return illegal('its fact is of another amount than it says');
  const accounts = payOutAccounts(asked, amount.currency, partition);
  const { world, purse, suspense } = accounts;
  return legal({
    asked,
    needs: { ...NO_NEEDS, paymentId: asked.paymentId },
    opens: null,
    accountsOf: () => [world, purse, suspense],
    decide: (books) => {
      const payOut = ownPayment(asked, 'pay_out', books.payment(asked.paymentId));
      return payOut?.status === 'paid' && isOf(payOut, amount) && canReceive(books.account(purse))
        ? happened({
            postings: move(world, purse, amount.currency, amount.amountMinor),
            payment: { ...payOut, status: 'returned' },
          })
        : forReview({ postings: move(world, suspense, amount.currency, amount.amountMinor) });
    },
  });
}

function isOf(payOut: PaymentTerms, { amountMinor, currency }: Amount): boolean {
  return payOut.amountMinor === amountMinor && payOut.currency === currency;
}
