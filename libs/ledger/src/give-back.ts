// Gives converted money back to the customer: out of the position at the payment's own rate, or at another one.
import { giveFor } from '@paystream/pricing';
import { backAt } from './customer-money.ts';
import type { ConversionAccounts } from './payment-accounts.ts';
import type { Payment } from './payment.ts';
import type { Posting } from './posting.ts';
import { move } from './posting.ts';
import type { Conversion } from './processed-operation.ts';

export interface GivingBack {
  readonly wallet: string;
  readonly walletCurrency: string;
  readonly conversion: ConversionAccounts;
  /** What had gone back before, and what has after, in the payment's currency. */
  readonly fromMinor: bigint;
  readonly toMinor: bigint;
}

/** At the rate the customer paid: when all has gone back, so has every unit that was collected. */
export function giveBackAtOriginalRate(payment: Payment, giving: GivingBack): Posting[] {
  const { wallet, walletCurrency: currency, conversion } = giving;
  const before = backAt(payment, giving.fromMinor);
  const after = backAt(payment, giving.toMinor);
  const totalMinor = after.totalMinor - before.totalMinor;
  const positionMinor = after.positionMinor - before.positionMinor;
  const roundingMinor = totalMinor - positionMinor;
  if (roundingMinor < 0n) {
    return [
      ...move(conversion.walletPosition, wallet, currency, totalMinor),
      ...move(conversion.walletPosition, conversion.rounding, currency, -roundingMinor),
    ];
  }
  return [
    ...move(conversion.walletPosition, wallet, currency, positionMinor),
    ...move(conversion.rounding, wallet, currency, roundingMinor),
  ];
}

/** At the rate of `fx`, from the payment's currency into the wallet's. `fx` comes back with the amounts converted. */
export function giveBackAtRate(fx: Conversion, giving: GivingBack): { postings: Posting[]; fx: Conversion } {
  const { wallet, walletCurrency: currency, conversion } = giving;
  const fromAmountMinor = giving.toMinor - giving.fromMinor;
  const { paidMinor, roundingMinor } = giveFor(fx, fromAmountMinor);
  return {
    postings: [
      ...move(conversion.walletPosition, wallet, currency, paidMinor),
      ...move(conversion.walletPosition, conversion.rounding, currency, roundingMinor),
    ],
    fx: { ...fx, fromAmountMinor, toAmountMinor: paidMinor, roundingMinor, roundingCurrency: currency },
  };
}
