// Computes conversions between currencies from a rate and a markup, each rounded once: docs/operations.md has the rules.
import type { Ratio } from '@paystream/money';
import { ceil, divide, exponentOf, floor, multiply, parseRate, ratio, roundHalfEven } from '@paystream/money';

/** What a conversion is computed by; an `fx` of payment.processed fits as it is. */
export interface ConversionTerms {
  /** ISO 4217 */
  readonly fromCurrency: string;
  /** ISO 4217 */
  readonly toCurrency: string;
  /** Decimal text: toCurrency per one fromCurrency. */
  readonly baseRate: string;
  readonly markupBps: number;
}

/** What a conversion takes, in minor units of its fromCurrency. */
export interface Taken {
  /** Rounded up: what the payer gives at the rate. */
  readonly collectedMinor: bigint;
  /** Rounded half to even: what the currency position gets of it. */
  readonly positionMinor: bigint;
  /** What rounding left over; above or at zero. */
  readonly roundingMinor: bigint;
  /** Rounded up, beside the above. */
  readonly markupMinor: bigint;
}

/** What a conversion gives, in minor units of its toCurrency. */
export interface Given {
  /** Rounded down: what the receiver gets. */
  readonly paidMinor: bigint;
  /** What rounding left over; above or at zero. */
  readonly roundingMinor: bigint;
}

const BPS = 10_000n;

/** Whether a conversion can be computed from these terms. */
export function isSoundConversion({ fromCurrency, toCurrency, baseRate, markupBps }: ConversionTerms): boolean {
  const hasRate = fromCurrency !== toCurrency && parseRate(baseRate) !== undefined;
  return hasRate && Number.isInteger(markupBps) && markupBps >= 0 && markupBps <= Number(BPS);
}

/**
 * What has to be taken so that `towardMinor` of the toCurrency arrives.
 * @throws RangeError when the terms are not sound
 */
export function takeFor(terms: ConversionTerms, towardMinor: bigint): Taken {
  const exact = divide(multiply(whole(towardMinor), scaleOf(terms.fromCurrency, terms.toCurrency)), rateOf(terms));
  const collectedMinor = ceil(exact);
  const positionMinor = roundHalfEven(exact);
  const markupMinor = ceil(multiply(exact, ratio(BigInt(terms.markupBps), BPS)));
  return { collectedMinor, positionMinor, roundingMinor: collectedMinor - positionMinor, markupMinor };
}

/**
 * What `fromMinor` of the fromCurrency is worth, without markup.
 * @throws RangeError when the terms are not sound
 */
export function giveFor(terms: ConversionTerms, fromMinor: bigint): Given {
  const exact = multiply(multiply(whole(fromMinor), rateOf(terms)), scaleOf(terms.toCurrency, terms.fromCurrency));
  const paidMinor = floor(exact);
  return { paidMinor, roundingMinor: roundHalfEven(exact) - paidMinor };
}

function whole(minor: bigint): Ratio {
  return { numerator: minor, denominator: 1n };
}

/** How many minor units of one currency a minor unit of the other is at a rate of one. */
function scaleOf(currency: string, other: string): Ratio {
  return ratio(10n ** BigInt(exponentOf(currency)), 10n ** BigInt(exponentOf(other)));
}

function rateOf({ baseRate }: ConversionTerms): Ratio {
  const rate = parseRate(baseRate);
  if (rate === undefined) throw new RangeError(`${baseRate} is not a rate`);
  return rate;
}
