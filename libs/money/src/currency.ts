// Answers what a currency is: a code of ISO 4217 with a minor unit.
import { MoneyError } from './errors.ts';
import { ISO_4217_EXPONENTS } from './iso-4217.ts';

/** True for an upper-case ISO 4217 code that has a minor unit; gold, `XXX` and test codes have none. */
export function isCurrency(code: string): boolean {
  return ISO_4217_EXPONENTS.has(code);
}

/** Decimal digits of the minor unit: 0, 2, 3 or 4. Throws `unknown_currency`. */
export function exponentOf(currency: string): number {
  const exponent = ISO_4217_EXPONENTS.get(currency);
  if (exponent === undefined) throw new MoneyError('unknown_currency', `ISO 4217 has no currency ${currency}`);
  return exponent;
}

/** Every code money can be in, sorted. */
export const currencies: readonly string[] = [...ISO_4217_EXPONENTS.keys()];
