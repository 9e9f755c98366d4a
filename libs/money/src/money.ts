// Owns the amount: minor units of one currency, never mixed with another and never beyond what can be stored.
import { exponentOf } from './currency.ts';
import { MoneyError } from './errors.ts';

/** An amount in minor units of its currency, within ±2^62. */
export interface Money {
  readonly minor: bigint;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** Largest magnitude of an amount: sums of two still fit into Avro's and PostgreSQL's 64 bits. */
export const MINOR_MAX = 2n ** 62n;

/** An amount of money. Throws `unknown_currency`, or `out_of_bounds` beyond ±2^62. */
export function money(minor: bigint, currency: string): Money {
  exponentOf(currency);
  return { minor: withinBounds(minor), currency };
}

/** The sum. Throws `mixed_currencies`, or `out_of_bounds` beyond ±2^62. */
export function add(a: Money, b: Money): Money {
  return { minor: withinBounds(a.minor + b.minor), currency: sharedCurrency(a, b) };
}

/** `a` less `b`. Throws `mixed_currencies`, or `out_of_bounds` beyond ±2^62. */
export function subtract(a: Money, b: Money): Money {
  return { minor: withinBounds(a.minor - b.minor), currency: sharedCurrency(a, b) };
}

/** Below zero, zero or above zero as `a` is less than, equal to or more than `b`. Throws `mixed_currencies`. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sharedCurrency(a, b);
  if (a.minor === b.minor) return 0;
  return a.minor < b.minor ? -1 : 1;
}

/** True when an amount in minor units fits into an account. */
export function isWithinBounds(minor: bigint): boolean {
  return minor <= MINOR_MAX && minor >= -MINOR_MAX;
}

function withinBounds(minor: bigint): bigint {
  if (!isWithinBounds(minor)) throw new MoneyError('out_of_bounds', `${minor} minor units is beyond 2^62`);
  return minor;
}

function sharedCurrency(a: Money, b: Money): string {
  if (a.currency === b.currency) return a.currency;
  throw new MoneyError('mixed_currencies', `${a.currency} and ${b.currency} never meet in one sum`);
}
