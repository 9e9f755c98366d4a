// Takes money from the customer for what is captured, and says where it goes.

import type { FeeTaken } from '../fee-line.ts';
import type { Movement } from '../movements.ts';
import { move } from '../movements.ts';
import type { Terms } from '../payments.ts';
import type { AccountNames } from './account-names.ts';
import { differences, sayTaken } from './fees.ts';
import { priceAt } from './price.ts';

export interface Taken {
  readonly movements: readonly Movement[];
  readonly fees: readonly FeeTaken[];
  /** What it takes from the wallet, in the wallet's currency. */
  readonly costMinor: bigint;
}

/** `take(C0 → C1)`: the difference of what two captured sums cost. */
export function take(terms: Terms, names: AccountNames, fromMinor: bigint, toMinor: bigint): Taken {
  const [before, after] = [priceAt(terms, fromMinor), priceAt(terms, toMinor)];
  const fees = differences(after.fees, before.fees);
  const netMinor = toMinor - fromMinor - (after.merchantFeesMinor - before.merchantFeesMinor);
  const { currency, merchantId, conversion } = terms;
  // With a conversion the merchant's side is paid out of the position, which the wallet has paid into.
  const payer = conversion === null ? walletOf(terms, names) : names.house('fx_position', currency);

  const collect = (): Movement[] => {
    if (conversion === null) return [];
    const { fromCurrency } = conversion;
    const wallet = walletOf(terms, names);
    const position = names.house('fx_position', fromCurrency);
    const rounding = names.house('fx_rounding', fromCurrency);
    const roundingMinor = after.roundingMinor - before.roundingMinor;
    const collectedMinor = after.collectedMinor - before.collectedMinor;
    const positionMinor = after.positionMinor - before.positionMinor;
    const markupMinor = after.markupMinor - before.markupMinor;
    return [
      ...move(wallet, position, fromCurrency, roundingMinor < 0n ? collectedMinor : positionMinor),
      ...move(roundingMinor < 0n ? position : wallet, rounding, fromCurrency, roundingMinor),
      ...move(wallet, names.house('fee_income', fromCurrency), fromCurrency, markupMinor),
    ];
  };

  return {
    movements: [
      ...collect(),
      ...move(payer, names.payable(merchantId, currency), currency, netMinor),
      ...fees.flatMap((feeMinor) => move(payer, names.house('fee_income', currency), currency, feeMinor)),
    ],
    fees: sayTaken(terms.rules, fees),
    costMinor: after.costMinor - before.costMinor,
  };
}

/** The wallet that pays: in the payment's currency, or in the one it is converted from. */
export function walletOf({ customerId, currency, conversion }: Terms, names: AccountNames): string {
  return names.wallet(customerId ?? '', conversion?.fromCurrency ?? currency);
}
