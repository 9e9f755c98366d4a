// Computes with exact ratios of whole numbers, so that a rate is rounded once, at the end, and never before.
import { MoneyError } from './errors.ts';
import { divideHalfEven } from './rounding.ts';

/** An exact number; the denominator is above zero. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** More digits than any publisher of rates gives; a small rate has as many after the zeros that follow its point. */
const SIGNIFICANT_DIGITS_MAX = 18;
const DECIMALS_MAX = 36;
const DECIMAL = /^(?<whole>\d{1,18})(?:\.(?<fraction>\d{1,36}))?$/;

/** `numerator / denominator`. Throws `out_of_bounds` when the denominator is not above zero. */
export function ratio(numerator: bigint, denominator: bigint): Ratio {
  if (denominator <= 0n) throw new MoneyError('out_of_bounds', `a ratio has no denominator ${denominator}`);
  return { numerator, denominator };
}

/** The rate that decimal text names, above zero and of at most 18 significant digits; undefined when it names none. */
export function parseRate(text: string): Ratio | undefined {
  const { whole, fraction = '' } = DECIMAL.exec(text)?.groups ?? {};
  if (whole === undefined) return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '' || digits.length > SIGNIFICANT_DIGITS_MAX) return undefined;
  return { numerator: BigInt(digits), denominator: 10n ** BigInt(fraction.length) };
}

export function multiply(a: Ratio, b: Ratio): Ratio {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** `a / b`. Throws `out_of_bounds` when `b` is not above zero. */
export function divide(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** The largest whole number that is not above it. */
export function floor({ numerator, denominator }: Ratio): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** The smallest whole number that is not below it. */
export function ceil({ numerator, denominator }: Ratio): bigint {
  return -floor({ numerator: -numerator, denominator });
}

/** The nearest whole number; of two equally near the even one. */
export function roundHalfEven({ numerator, denominator }: Ratio): bigint {
  return divideHalfEven(numerator, denominator);
}

/**
 * Decimal text of a ratio above zero with so many significant digits (at most 18), rounded half to even, without zeros at
 * its end: text that `parseRate` reads. Throws `out_of_bounds` for zero, and for what is too large or small for that.
 */
export function toDecimal(value: Ratio, significantDigits: number): string {
  if (value.numerator <= 0n) throw new MoneyError('out_of_bounds', 'only what is above zero is a rate');
  // Decimals that show as many significant digits: one less for each digit before the point, one more for each zero after it.
  const decimals = significantDigits - wholeDigitsOf(value);
  if (decimals < 0 || decimals > DECIMALS_MAX) throw new MoneyError('out_of_bounds', 'no rate is so large or so small');
  const scaled = roundHalfEven(multiply(value, { numerator: 10n ** BigInt(decimals), denominator: 1n }));
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const fraction = digits.slice(point).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, point) : `${digits.slice(0, point)}.${fraction}`;
}

/** Digits before the point; zero or below zero for as many zeros as follow it. */
function wholeDigitsOf({ numerator, denominator }: Ratio): number {
  const whole = numerator / denominator;
  if (whole > 0n) return whole.toString().length;
  let zeros = 0;
  for (let scaled = numerator * 10n; scaled < denominator; scaled *= 10n) zeros += 1;
  return -zeros;
}
