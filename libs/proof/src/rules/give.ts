// Gives money back to the customer: what has gone back so far is a cumulative sum, so that parts add up.

import type { Movement } from '../movements.ts';
import { move } from '../movements.ts';
import type { Payment } from '../payments.ts';
import type { AccountNames } from './account-names.ts';
import { borneBy, feesBackAt } from './fees.ts';
import { priceAt } from './price.ts';
import { walletOf } from './take.ts';

/** `Q`: what has gone back of a payment, in its currency: refunded, lost, and the customer's own fees given back. */
export function goneBackMinor({ terms, refundedMinor, lostMinor, capturedMinor }: Payment): bigint {
  const back = feesBackAt(terms, refundedMinor, capturedMinor);
  return refundedMinor + lostMinor + borneBy('customer', terms.rules, back);
}

/** `give(Q0 → Q1)` out of `source`, an account of the merchant's side. */
export function give(before: Payment, after: Payment, names: AccountNames, source: string): Movement[] {
  const { terms } = after;
  const deltaMinor = goneBackMinor(after) - goneBackMinor(before);
  if (terms.conversion === null) return move(source, walletOf(terms, names), terms.currency, deltaMinor);
  return [
    ...move(source, names.house('fx_position', terms.currency), terms.currency, deltaMinor),
    ...giveConverted(before, after, names),
  ];
}

/** Steps 2 and 3 of it: the wallet's side of a conversion at the original rate. */
export function giveConverted(before: Payment, after: Payment, names: AccountNames): Movement[] {
  const { terms } = after;
  if (terms.conversion === null) return [];
  const { fromCurrency } = terms.conversion;
  const wallet = walletOf(terms, names);
  const position = names.house('fx_position', fromCurrency);
  const rounding = names.house('fx_rounding', fromCurrency);
  const [old, now] = [backAt(before), backAt(after)];
  const backMinor = now.backMinor - old.backMinor;
  const positionMinor = now.positionMinor - old.positionMinor;
  const roundingMinor = backMinor - positionMinor;
  return [
    ...move(position, wallet, fromCurrency, roundingMinor < 0n ? backMinor : positionMinor),
    ...move(rounding, roundingMinor < 0n ? position : wallet, fromCurrency, roundingMinor),
  ];
}

/** `back(Q)` and `positionBack(Q)`, both rounded down. */
function backAt(payment: Payment): { readonly backMinor: bigint; readonly positionMinor: bigint } {
  const { collectedMinor, positionMinor, towardMinor } = priceAt(payment.terms, payment.capturedMinor);
  const goneMinor = goneBackMinor(payment);
  return {
    backMinor: (collectedMinor * goneMinor) / towardMinor,
    positionMinor: (positionMinor * goneMinor) / towardMinor,
  };
}
