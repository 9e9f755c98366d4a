// Admits a pay-out, and ends it as it ended outside.

import type { AskedOperation } from '../inputs.ts';
import type { Movement } from '../movements.ts';
import { move } from '../movements.ts';
import type { Payment } from '../payments.ts';
import { newPayment } from '../payments.ts';
import type { AccountNames } from './account-names.ts';
import { sayTaken } from './fees.ts';
import { amountOf, whyFeesUnlawful } from './lawful.ts';
import type { Proposal, Scene } from './proposal.ts';
import { admit, failOutside, review, succeed, unlawful } from './proposal.ts';

export function payOut(asked: AskedOperation, { names, state }: Scene): Proposal {
  const amount = amountOf(asked);
  if (typeof amount === 'string') return unlawful(amount);
  const ownerId = ownerOf(asked);
  if (ownerId === null) return unlawful(`nobody is paid out: "${asked.payOut?.payeeType}"`);
  if (asked.paymentId !== asked.operationId) return unlawful('it is not the first operation of its payment');
  if (asked.fx !== null) return unlawful('a pay-out is never converted');
  const why = whyFeesUnlawful(asked, amount);
  if (why !== null) return unlawful(why);

  const { amountMinor, currency } = amount;
  const purse = (asked.payOut?.payeeType === 'merchant' ? names.payable : names.wallet)(ownerId, currency);
  const receivable = names.receivable(ownerId, currency);
  const { postedMinor } = state.balances.of(receivable);
  const owedMinor = postedMinor < 0n ? -postedMinor : 0n;
  const { paymentId, environment, merchantId, customerId, fees } = asked;
  const feesMinor = fees.map((fee) => fee.amountMinor);
  const priced = { amountMinor, currency, rules: fees, feesMinor, conversion: null };
  const terms = { paymentId, environment, merchantId, customerId, kind: 'pay_out', purse, expiresAt: null } as const;
  return admit({
    movements: [
      ...move(purse, receivable, currency, owedMinor),
      ...move(purse, names.house('payout_in_transit', currency), currency, amountMinor),
      ...feesMinor.flatMap((feeMinor) => move(purse, names.house('fee_income', currency), currency, feeMinor)),
    ],
    payment: newPayment({ ...terms, ...priced }, { status: 'in_transit' }),
    spender: purse,
  });
}

function ownerOf({ payOut: terms, merchantId, customerId }: AskedOperation): string | null {
  if (terms?.payeeType === 'merchant') return merchantId;
  return terms?.payeeType === 'customer' ? customerId : null;
}

/** Pass 2: what the record of the outcome says has happened, and is never declined. */
export function payOutOutcome(asked: AskedOperation, scene: Scene): Proposal {
  const { outcome, failure } = asked;
  if (outcome === null) return unlawful('it says of no outcome');
  if (asked.paymentId !== asked.operationId) return unlawful('it is not the first operation of its payment');
  if (outcome.status !== 'approved' && outcome.status !== 'declined') {
    return unlawful(`its outcome "${outcome.status}" ends nothing`);
  }
  const { payment } = scene;
  const isApproved = outcome.status === 'approved';
  if (payment?.status !== 'in_transit') return isApproved ? approvedUnknown(asked, scene.names) : review({});
  if (isApproved) return approved(payment, scene.names, outcome.amountMinor ?? payment.terms.amountMinor);
  return failure === null ? unlawful('it was declined without a reason') : declined(payment, scene, failure.code);
}

function approvedUnknown({ outcome, amountMinor, currency }: AskedOperation, names: AccountNames): Proposal {
  const paidMinor = outcome?.amountMinor ?? amountMinor;
  if (paidMinor === null || currency === null) return unlawful('it has no amount');
  return review({
    movements: move(names.house('suspense', currency), names.house('world', currency), currency, paidMinor),
  });
}

function approved(payment: Payment, names: AccountNames, paidMinor: bigint): Proposal {
  const { amountMinor, currency, rules, feesMinor } = payment.terms;
  const fees = sayTaken(rules, feesMinor);
  const [transit, world, suspense] = ['payout_in_transit', 'world', 'suspense'].map((kind) =>
    names.house(kind, currency),
  ) as [string, string, string]; // three kinds, three accounts
  const isAsAsked = paidMinor === amountMinor;
  const missingMinor = amountMinor - paidMinor;
  const movements = [
    ...move(transit, world, currency, missingMinor > 0n ? paidMinor : amountMinor),
    ...(missingMinor > 0n
      ? move(transit, suspense, currency, missingMinor)
      : move(suspense, world, currency, -missingMinor)),
  ];
  if (isAsAsked) return succeed({ movements, fees, payment: { ...payment, status: 'paid' } });
  return review({ movements, fees, payment: { ...payment, status: 'manual_review' } });
}

/** All goes back where it came from; to suspense when that may not receive. */
function declined(payment: Payment, { names, state }: Scene, code: string): Proposal {
  const { amountMinor, currency, feesMinor, purse } = payment.terms;
  const isOpen = purse !== null && state.balances.of(purse).status === 'open';
  const receiver = isOpen ? purse : names.house('suspense', currency);
  const movements: Movement[] = [
    ...move(names.house('payout_in_transit', currency), receiver, currency, amountMinor),
    ...feesMinor.flatMap((feeMinor) => move(names.house('fee_income', currency), receiver, currency, feeMinor)),
  ];
  if (isOpen) return failOutside(code, { movements, payment: { ...payment, status: 'failed' } });
  return review({ movements, payment: { ...payment, status: 'manual_review' } });
}
