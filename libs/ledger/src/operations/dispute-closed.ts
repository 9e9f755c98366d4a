// Decides the end of a dispute: won, what was set aside goes back to the merchant; lost, to the customer.
import { canReceive, owedOn } from '../account.ts';
import { returnedAt } from '../customer-money.ts';
import { giveBackAtOriginalRate } from '../give-back.ts';
import type { BooksView } from '../instruction.ts';
import type { Dispute, Payment } from '../payment.ts';
import type { Posting } from '../posting.ts';
import { move } from '../posting.ts';
import type { Verdict } from '../verdict.ts';
import { forReview, happened } from '../verdict.ts';
import type { DisputeAccounts, Disputed, DisputeFact } from './dispute-fact.ts';
import { statusAfter } from './dispute-fact.ts';

export interface Closing {
  /** Null when the books know no such payment. */
  readonly about: Disputed | null;
  /** The open dispute of this id on this payment. */
  readonly dispute: Dispute | undefined;
  readonly house: DisputeAccounts;
  readonly books: BooksView;
}

export function closeDispute(fact: DisputeFact, { about, dispute, house, books }: Closing): Verdict {
  const isWon = fact.type === 'dispute_won';
  if (dispute === undefined) return forReview({ postings: moveOutside(fact, house, fact.amountMinor ?? 0n) });
  const { currency, amountMinor, feeMinor } = dispute;
  const wholeMinor = amountMinor + feeMinor;
  const merchants = dispute.source === 'merchant' ? about : null;
  if (fact.amountMinor !== null && fact.amountMinor !== amountMinor) {
    return forReview({
      postings: move(house.disputed, house.suspense, currency, wholeMinor),
      dispute: { ...dispute, status: 'review' },
      payment: merchants === null ? null : afterWinning(merchants.payment, amountMinor),
    });
  }
  if (merchants === null) {
    return happened({
      postings: move(house.disputed, isWon ? house.suspense : house.clearing, currency, wholeMinor),
      dispute: { ...dispute, status: isWon ? 'won' : 'lost' },
    });
  }
  return isWon ? win(dispute, { ...merchants, house, books }) : lose(dispute, { ...merchants, house, books });
}

/** What happened to the provider's money although no dispute is open here. */
function moveOutside(
  { type, currency }: DisputeFact,
  { clearing, suspense }: DisputeAccounts,
  minor: bigint,
): Posting[] {
  return type === 'dispute_won' ? move(clearing, suspense, currency, minor) : move(suspense, clearing, currency, minor);
}

interface Of extends Disputed {
  readonly house: DisputeAccounts;
  readonly books: BooksView;
}

function win(dispute: Dispute, { payment, accounts, house, books }: Of): Verdict {
  const { currency, amountMinor, feeMinor, fromReceivableMinor } = dispute;
  const { disputed, suspense } = house;
  const { receivable, payable } = accounts;
  const owedMinor = owedOn(books.account(receivable));
  const toReceivableMinor = fromReceivableMinor < owedMinor ? fromReceivableMinor : owedMinor;
  const toPayableMinor = amountMinor + feeMinor - toReceivableMinor;
  const isOpen = canReceive(books.account(payable));
  const changes = {
    postings: [
      ...move(disputed, receivable, currency, toReceivableMinor),
      ...move(disputed, isOpen ? payable : suspense, currency, toPayableMinor),
    ],
    payment: afterWinning(payment, amountMinor),
    dispute: { ...dispute, status: 'won' as const },
  };
  return isOpen ? happened(changes) : forReview(changes);
}

function lose(dispute: Dispute, { payment, accounts, house, books }: Of): Verdict {
  const { currency, amountMinor, feeMinor } = dispute;
  const { disputed, suspense } = house;
  const { feeIncome, wallet } = accounts;
  const isOpen = canReceive(books.account(wallet));
  const after: Payment = { ...payment, lostMinor: payment.lostMinor + amountMinor };
  const changes = {
    postings: [
      ...move(disputed, feeIncome, currency, feeMinor),
      ...(isOpen
        ? giveToCustomer(after, amountMinor, { payment, accounts, disputed })
        : move(disputed, suspense, currency, amountMinor)),
    ],
    payment: { ...after, status: targetOf(payment, 'dispute_lost', hasOpen(after) ? 'disputed' : 'charged_back') },
    dispute: { ...dispute, status: 'lost' as const },
  };
  return isOpen ? happened(changes) : forReview(changes);
}

function giveToCustomer(
  after: Payment,
  amountMinor: bigint,
  { payment: before, accounts, disputed }: Disputed & { disputed: string },
): Posting[] {
  const { wallet, walletCurrency, conversion } = accounts;
  if (conversion === null) return move(disputed, wallet, before.currency, amountMinor);
  const giving = { wallet, walletCurrency, conversion, fromMinor: returnedAt(before), toMinor: returnedAt(after) };
  return [
    ...move(disputed, conversion.position, before.currency, amountMinor),
    ...giveBackAtOriginalRate(before, giving),
  ];
}

function afterWinning(payment: Payment, amountMinor: bigint): Payment {
  const after = { ...payment, disputedMinor: payment.disputedMinor - amountMinor };
  return { ...after, status: targetOf(payment, 'dispute_won', statusWithout(after)) };
}

function statusWithout(payment: Payment): string {
  if (hasOpen(payment)) return 'disputed';
  if (payment.lostMinor > 0n) return 'charged_back';
  return payment.refundedMinor > 0n ? 'partially_refunded' : 'succeeded';
}

function hasOpen({ disputedMinor, lostMinor }: Payment): boolean {
  return disputedMinor > lostMinor;
}

/** @throws Error when the table of states has no such step: an open dispute is on a payment that is disputed */
function targetOf({ paymentId, status }: Payment, event: 'dispute_won' | 'dispute_lost', target: string): string {
  const next = statusAfter(status, event, target);
  if (next === null) throw new Error(`${paymentId} is ${status} with a dispute open`);
  return next;
}
