// Sets aside what a customer's bank disputes.

import { isCurrency } from '@paystream/money';
import type { AskedOperation } from '../inputs.ts';
import { move } from '../movements.ts';
import type { Dispute, Payment } from '../payments.ts';
import { disputeLost, disputeWon } from './dispute-closed.ts';
import type { Proposal, Scene } from './proposal.ts';
import { review, succeed, unlawful } from './proposal.ts';

export function dispute(asked: AskedOperation, scene: Scene): Proposal {
  const { fact } = asked;
  if (fact === null) return unlawful('it says of no fact');
  const { disputeId } = fact;
  if (asked.customerId === null) return unlawful('it names no payer');
  if (disputeId === null) return unlawful('it names no dispute');
  switch (fact.type) {
    case 'dispute_opened':
      return opened(asked, disputeId, scene);
    case 'dispute_won':
      return disputeWon(fact, disputeId, asked, scene);
    case 'dispute_lost':
      return disputeLost(fact, disputeId, asked, scene);
    default:
      return unlawful(`its fact "${fact.type}" is not known`);
  }
}

function opened(asked: AskedOperation, disputeId: string, scene: Scene): Proposal {
  const { fact, paymentId, environment, merchantId, customerId } = asked;
  const { amountMinor = null, currency = null, feeMinor = null } = fact ?? {};
  if (amountMinor === null || currency === null) return unlawful('it has no amount');
  if (amountMinor < 0n || (feeMinor ?? 0n) < 0n) return unlawful('it disputes less than nothing');
  if (!isCurrency(currency)) return unlawful(`its currency "${currency}" is not known`);

  const { payment, state, names } = scene;
  const disputed = names.house('disputed', currency);
  const needMinor = amountMinor + (feeMinor ?? 0n);
  const isKnown = state.disputes.has(disputeId);
  const ids = { disputeId, paymentId, environment, merchantId, customerId };
  const terms = { ...ids, currency, amountMinor, feeMinor: feeMinor ?? 0n };
  if (payment === undefined || isKnown || !isDisputable(payment, amountMinor, currency)) {
    if (isKnown) return review({});
    const kept: Dispute = { ...terms, fromReceivableMinor: 0n, source: 'suspense', status: 'open' };
    return review({
      movements: move(names.house('suspense', currency), disputed, currency, needMinor),
      dispute: kept,
    });
  }

  const payable = names.payable(merchantId, currency);
  const { postedMinor, heldMinor, status } = state.balances.of(payable);
  const availableMinor = status === 'closed' || postedMinor < heldMinor ? 0n : postedMinor - heldMinor;
  const fromPayableMinor = needMinor < availableMinor ? needMinor : availableMinor;
  const fromReceivableMinor = needMinor - fromPayableMinor;
  return succeed({
    movements: [
      ...move(payable, disputed, currency, fromPayableMinor),
      ...move(names.receivable(merchantId, currency), disputed, currency, fromReceivableMinor),
    ],
    payment: {
      ...payment,
      disputedMinor: payment.disputedMinor + amountMinor,
      openDisputes: payment.openDisputes + 1,
      status: 'disputed',
    },
    dispute: { ...terms, fromReceivableMinor, source: 'merchant', status: 'open' },
  });
}

const DISPUTABLE = new Set(['succeeded', 'partially_refunded', 'disputed']);

function isDisputable(payment: Payment, amountMinor: bigint, currency: string): boolean {
  const { terms, status, refundedMinor, disputedMinor, capturedMinor } = payment;
  if (terms.currency !== currency || !DISPUTABLE.has(status)) return false;
  return refundedMinor + disputedMinor + amountMinor <= capturedMinor;
}
