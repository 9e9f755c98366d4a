// Ends a dispute: what was set aside goes back to the merchant, or to the customer.

import type { AskedOperation, OutsideFact } from '../inputs.ts';
import { move } from '../movements.ts';
import type { Dispute, Payment } from '../payments.ts';
import { give } from './give.ts';
import type { Proposal, Scene } from './proposal.ts';
import { review, succeed } from './proposal.ts';
import { walletOf } from './take.ts';

export function disputeWon(fact: OutsideFact, disputeId: string, asked: AskedOperation, scene: Scene): Proposal {
  const open = findOpen(fact, disputeId, asked, scene);
  const { names, state } = scene;
  if (open === undefined) return notOpen(fact, scene, [`provider_clearing/${fact.provider}`, 'suspense']);
  if (differs(fact, open)) return leftToReview(open, scene);
  if (open.source === 'suspense') return withoutMerchant(open, scene, 'suspense', 'won');

  const { currency, merchantId, feeMinor, amountMinor, fromReceivableMinor } = open;
  const disputed = names.house('disputed', currency);
  const receivable = names.receivable(merchantId, currency);
  const owedMinor = -state.balances.of(receivable).postedMinor;
  const stillOwedMinor = owedMinor > 0n ? owedMinor : 0n;
  const repaidMinor = fromReceivableMinor < stillOwedMinor ? fromReceivableMinor : stillOwedMinor;
  const payable = names.payable(merchantId, currency);
  const isPayableOpen = state.balances.of(payable).status === 'open';
  const effect = {
    movements: [
      ...move(disputed, receivable, currency, repaidMinor),
      ...move(
        disputed,
        isPayableOpen ? payable : names.house('suspense', currency),
        currency,
        amountMinor + feeMinor - repaidMinor,
      ),
    ],
    payment: paymentAfterWin(scene.payment, open),
    dispute: { ...open, status: 'won' } as const,
  };
  return isPayableOpen ? succeed(effect) : review(effect);
}

export function disputeLost(fact: OutsideFact, disputeId: string, asked: AskedOperation, scene: Scene): Proposal {
  const open = findOpen(fact, disputeId, asked, scene);
  const { payment, names, state } = scene;
  if (open === undefined) return notOpen(fact, scene, ['suspense', `provider_clearing/${fact.provider}`]);
  if (differs(fact, open)) return leftToReview(open, scene);
  if (open.source === 'suspense' || payment === undefined) {
    return withoutMerchant(open, scene, `provider_clearing/${fact.provider}`, 'lost');
  }

  const { currency, feeMinor, amountMinor } = open;
  const disputed = names.house('disputed', currency);
  const openDisputes = payment.openDisputes - 1;
  const after: Payment = {
    ...payment,
    lostMinor: payment.lostMinor + amountMinor,
    openDisputes,
    lostDisputes: payment.lostDisputes + 1,
    status: openDisputes > 0 ? 'disputed' : 'charged_back',
  };
  const isWalletOpen = state.balances.of(walletOf(payment.terms, names)).status === 'open';
  const effect = {
    movements: [
      ...move(disputed, names.house('fee_income', currency), currency, feeMinor),
      ...(isWalletOpen
        ? give(payment, after, names, disputed)
        : move(disputed, names.house('suspense', currency), currency, amountMinor)),
    ],
    payment: after,
    dispute: { ...open, status: 'lost' } as const,
  };
  return isWalletOpen ? succeed(effect) : review(effect);
}

/** The open dispute of that id on the record's payment, in the fact's currency; a merchant's is only found with its payment. */
function findOpen(
  { currency }: OutsideFact,
  disputeId: string,
  asked: AskedOperation,
  { state, payment }: Scene,
): Dispute | undefined {
  const found = state.disputes.get(disputeId);
  if (found?.status !== 'open' || found.paymentId !== asked.paymentId) return undefined;
  if (found.environment !== asked.environment || found.merchantId !== asked.merchantId) return undefined;
  if (currency !== null && currency !== found.currency) return undefined;
  return found.source === 'suspense' || payment !== undefined ? found : undefined;
}

function differs({ amountMinor }: OutsideFact, open: Dispute): boolean {
  return amountMinor !== null && amountMinor !== open.amountMinor;
}

function notOpen({ amountMinor, currency }: OutsideFact, { names }: Scene, [from, to]: [string, string]): Proposal {
  if (amountMinor === null || currency === null) return review({});
  return review({ movements: move(names.house(from, currency), names.house(to, currency), currency, amountMinor) });
}

/** The amount differs from the open dispute's: all that was set aside waits for an operator. */
function leftToReview(open: Dispute, { names, payment }: Scene): Proposal {
  const { currency, amountMinor, feeMinor, source } = open;
  const [disputed, suspense] = [names.house('disputed', currency), names.house('suspense', currency)];
  return review({
    movements: move(disputed, suspense, currency, amountMinor + feeMinor),
    payment: source === 'merchant' ? paymentAfterWin(payment, open) : null,
    dispute: { ...open, status: 'review' },
  });
}

function withoutMerchant(open: Dispute, { names }: Scene, receiver: string, status: 'won' | 'lost'): Proposal {
  const { currency, amountMinor, feeMinor } = open;
  const [disputed, to] = [names.house('disputed', currency), names.house(receiver, currency)];
  return succeed({
    movements: move(disputed, to, currency, amountMinor + feeMinor),
    dispute: { ...open, status },
  });
}

function paymentAfterWin(payment: Payment | undefined, { amountMinor }: Dispute): Payment | null {
  if (payment === undefined) return null;
  const openDisputes = payment.openDisputes - 1;
  const quiet = payment.refundedMinor > 0n ? 'partially_refunded' : 'succeeded';
  const closed = payment.lostDisputes > 0 ? 'charged_back' : quiet;
  return {
    ...payment,
    disputedMinor: payment.disputedMinor - amountMinor,
    openDisputes,
    status: openDisputes > 0 ? 'disputed' : closed,
  };
}
