// Converts between currencies exactly, and rounds each figure once.

import type { Ratio } from '@paystream/money';
import { ceil, divide, exponentOf, multiply, parseRate, ratio, roundHalfEven } from '@paystream/money';
import type { ConversionTerms } from '../payments.ts';

/** What bringing a sum in the payment's currency takes from the wallet, in the wallet's. */
export interface Cost {
  readonly collectedMinor: bigint;
  readonly positionMinor: bigint;
  readonly roundingMinor: bigint;
  readonly markupMinor: bigint;
  /** Collected and markup. */
  readonly costMinor: bigint;
}

const BASIS_POINTS = 10_000n;

/** The cost of `towardMinor` of `currency`; without a conversion just that. */
export function costOf(towardMinor: bigint, currency: string, terms: ConversionTerms | null): Cost {
  if (terms === null) {
    return {
      collectedMinor: towardMinor,
      positionMinor: towardMinor,
      roundingMinor: 0n,
      markupMinor: 0n,
      costMinor: towardMinor,
    };
  }
  const exact = multiply(
    divide(ratio(towardMinor, 1n), rateOf(terms.baseRate)),
    powerOfTen(exponentOf(terms.fromCurrency) - exponentOf(currency)),
  );
  const collectedMinor = ceil(exact);
  const positionMinor = roundHalfEven(exact);
  const markupMinor = ceil(multiply(exact, ratio(BigInt(terms.markupBps), BASIS_POINTS)));
  return {
    collectedMinor,
    positionMinor,
    roundingMinor: collectedMinor - positionMinor,
    markupMinor,
    costMinor: collectedMinor + markupMinor,
  };
}

/** `amountMinor` of `from` at `baseRate` (`to` per one `from`), exactly. */
export function convert(amountMinor: bigint, from: string, to: string, baseRate: string): Ratio {
  return multiply(multiply(ratio(amountMinor, 1n), rateOf(baseRate)), powerOfTen(exponentOf(to) - exponentOf(from)));
}

function rateOf(baseRate: string): Ratio {
  const rate = parseRate(baseRate);
  // Rules ask for a rate that can be read before they compute with it.
  if (rate === undefined) throw new TypeError(`"${baseRate}" is no rate`);
  return rate;
}

function powerOfTen(exponent: number): Ratio {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? ratio(1n, power) : ratio(power, 1n);
}
