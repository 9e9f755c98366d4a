// Decides the opening of a dispute: amount and fee are set aside from the merchant, and what he lacks he owes.
import type { Account } from '../account.ts';
import { spendableOf } from '../account.ts';
import type { BooksView } from '../instruction.ts';
import type { Dispute, Payment } from '../payment.ts';
import { move } from '../posting.ts';
import type { Verdict } from '../verdict.ts';
import { forReview, happened } from '../verdict.ts';
import type { DisputeAccounts, Disputed, DisputeFact } from './dispute-fact.ts';
import { statusAfter } from './dispute-fact.ts';

export interface Opening {
  /** Null when the books know no such payment. */
  readonly about: Disputed | null;
  /** A dispute of this id, whatever became of it. */
  readonly known: Dispute | undefined;
  readonly house: DisputeAccounts;
  readonly books: BooksView;
}

export function openDispute(fact: DisputeFact, { about, known, house, books }: Opening): Verdict {
  const { currency, feeMinor } = fact;
  const amountMinor = fact.amountMinor ?? 0n;
  if (known !== undefined) return forReview();
  const needMinor = amountMinor + feeMinor;
  const status = about === null ? null : statusWhenOpened(about.payment, amountMinor);
  if (about === null || status === null) {
    return forReview({
      postings: move(house.suspense, house.disputed, currency, needMinor),
      dispute: begin(fact, { amountMinor, fromReceivableMinor: 0n, source: 'suspense' }),
    });
  }
  const { payment, accounts } = about;
  const { payable, receivable } = accounts;
  const availableMinor = availableIn(books.account(payable));
  const fromPayableMinor = availableMinor < needMinor ? availableMinor : needMinor;
  const fromReceivableMinor = needMinor - fromPayableMinor;
  return happened({
    postings: [
      ...move(payable, house.disputed, currency, fromPayableMinor),
      ...move(receivable, house.disputed, currency, fromReceivableMinor),
    ],
    payment: { ...payment, disputedMinor: payment.disputedMinor + amountMinor, status },
    dispute: begin(fact, { amountMinor, fromReceivableMinor, source: 'merchant' }),
  });
}

/** The payment's status with this dispute, or null when the books do not bear it. */
function statusWhenOpened(payment: Payment, amountMinor: bigint): string | null {
  const { capturedMinor, refundedMinor, disputedMinor } = payment;
  if (refundedMinor + disputedMinor + amountMinor > capturedMinor) return null;
  return statusAfter(payment.status, 'dispute_opened', 'disputed');
}

function availableIn(payable: Account): bigint {
  const spendableMinor = spendableOf(payable);
  return payable.status === 'closed' || spendableMinor < 0n ? 0n : spendableMinor;
}

function begin(
  { disputeId, paymentId, environment, merchantId, customerId, currency, feeMinor }: DisputeFact,
  rest: Pick<Dispute, 'amountMinor' | 'fromReceivableMinor' | 'source'>,
): Dispute {
  return { disputeId, paymentId, environment, merchantId, customerId, currency, feeMinor, ...rest, status: 'open' };
}
