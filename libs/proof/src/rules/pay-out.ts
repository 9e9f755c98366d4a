// Admits a pay-out, and ends it as it is reported to have ended outside.

import type { AskedOperation } from '../inputs.ts';
import type { Movement } from '../movements.ts';
import { move } from '../movements.ts';
import type { Payment } from '../payments.ts';
import { newPayment } from '../payments.ts';
import type { AccountNames } from './account-names.ts';
import { sayTaken } from './fees.ts';
import { amountOf, whyFeesUnlawful } from './lawful.ts';
import type { Proposal, Scene } from './proposal.ts';
import { admit, ending, failOutside, review, succeed, unlawful } from './proposal.ts';

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

/** What each report says of a pay-out that it is about: its status after that, and before, when it is told once more. */
const REPORTED: Readonly<Record<string, 'paid' | 'failed'>> = { pay_out_paid: 'paid', pay_out_failed: 'failed' };

/** A fact: what fits a pay-out on its way ends it; anything else is an operation of its own, and never declined. */
export function payOutReported(asked: AskedOperation, scene: Scene): Proposal {
  const { fact, failure } = asked;
  if (fact === null) return unlawful('it says of no fact');
  const reported = REPORTED[fact.type];
  if (reported === undefined) return unlawful(`its fact "${fact.type}" is not known`);
  if (reported === 'failed' && failure === null) return unlawful('it reports a failure without a reason');
  const { amountMinor, currency } = fact;
  if (amountMinor === null || currency === null) return unlawful('it has no amount');
  const { payment, names } = scene;
  const isAsAsked =
    payment?.terms.kind === 'pay_out' &&
    payment.terms.amountMinor === amountMinor &&
    payment.terms.currency === currency;
  if (isAsAsked && payment.status === 'in_transit') {
    return ending(reported === 'paid' ? paid(payment, names) : declined(payment, scene, failure?.code ?? ''));
  }
  if (isAsAsked && payment.status === reported) return succeed({});
  if (reported === 'failed') return review({});
  return review({
    movements: move(names.house('suspense', currency), names.house('world', currency), currency, amountMinor),
  });
}

function paid(payment: Payment, names: AccountNames): Proposal {
  const { amountMinor, currency, rules, feesMinor } = payment.terms;
  return succeed({
    movements: move(names.house('payout_in_transit', currency), names.house('world', currency), currency, amountMinor),
    fees: sayTaken(rules, feesMinor),
    payment: { ...payment, status: 'paid' },
  });
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
