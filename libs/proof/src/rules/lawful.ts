// Decides whether a record's parts make sense: what no lawful writer could have written is settled by nobody.

import { isCurrency, parseRate } from '@paystream/money';
import type { AskedOperation } from '../inputs.ts';
import { WINDOW_SECONDS_MAX } from '../spends.ts';

export interface Amount {
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** The amount of an operation that needs one, or why it has none. */
export function amountOf({ amountMinor, currency }: AskedOperation): Amount | string {
  if (amountMinor === null || currency === null) return 'it has no amount';
  if (amountMinor <= 0n) return `its amount is ${amountMinor}`;
  if (!isCurrency(currency)) return `its currency "${currency}" is not known`;
  return { amountMinor, currency };
}

/** What is wrong with an operation that opens a payment of its own and is carried by the ledger alone. */
export function whyNotFirst({ paymentId, operationId, route }: AskedOperation): string | null {
  if (paymentId !== operationId) return 'it is not the first operation of its payment';
  return route === null ? null : 'it is routed to a provider';
}

export function whyFeesUnlawful({ fees }: AskedOperation, { amountMinor, currency }: Amount): string | null {
  let sumMinor = 0n;
  for (const fee of fees) {
    if (fee.currency !== currency) return `a fee is in ${fee.currency}, the payment in ${currency}`;
    if (fee.amountMinor < 0n) return `a fee is ${fee.amountMinor}`;
    if (fee.bearer !== 'merchant' && fee.bearer !== 'customer') return `a fee is borne by "${fee.bearer}"`;
    sumMinor += fee.amountMinor;
  }
  return sumMinor > amountMinor ? 'its fees exceed its amount' : null;
}

/** What is wrong with the wallet's currency and the conversion from it. */
export function whyConversionUnlawful({ sourceCurrency, fx }: AskedOperation, currency: string): string | null {
  const walletCurrency = sourceCurrency ?? currency;
  if (fx === null) return walletCurrency === currency ? null : `it is paid in ${walletCurrency} without a conversion`;
  if (walletCurrency === currency) return 'it converts what is in its own currency';
  if (fx.fromCurrency !== walletCurrency)
    return `it converts from ${fx.fromCurrency}, the wallet is in ${walletCurrency}`;
  if (fx.toCurrency !== currency) return `it converts to ${fx.toCurrency}, the payment is in ${currency}`;
  if (!isCurrency(fx.fromCurrency)) return `its currency "${fx.fromCurrency}" is not known`;
  if (parseRate(fx.baseRate) === undefined) return `"${fx.baseRate}" is no rate`;
  return fx.markupBps < 0 ? `its markup is ${fx.markupBps}` : null;
}

export function whyVelocityUnlawful({ velocity }: AskedOperation): string | null {
  const isTooLong = velocity?.some(({ windowSeconds }) => windowSeconds > WINDOW_SECONDS_MAX) ?? false;
  return isTooLong ? `a rule looks back longer than ${WINDOW_SECONDS_MAX} s` : null;
}
