// Prices a payment at a captured sum: fees, what must come toward it, and what that costs the wallet.

import type { Terms } from '../payments.ts';
import type { Cost } from './conversion.ts';
import { costOf } from './conversion.ts';
import { borneBy, feesAt } from './fees.ts';

/** Cumulative: everything that had to be taken for the sum. */
export interface Price extends Cost {
  readonly fees: readonly bigint[];
  /** Fees that the merchant bears. */
  readonly merchantFeesMinor: bigint;
  /** The sum and the fees that the customer bears, in the payment's currency. */
  readonly towardMinor: bigint;
}

export function priceAt(terms: Terms, capturedMinor: bigint): Price {
  const { rules, currency, conversion } = terms;
  const fees = feesAt(terms, capturedMinor);
  const towardMinor = capturedMinor + borneBy('customer', rules, fees);
  return {
    fees,
    merchantFeesMinor: borneBy('merchant', rules, fees),
    towardMinor,
    ...costOf(towardMinor, currency, conversion),
  };
}
