// Turns what people and JSON write into minor units, and minor units into what people read.
import { exponentOf } from './currency.ts';
import type { Money } from './money.ts';
import { isWithinBounds } from './money.ts';

/** Largest amount HTTP takes: beyond 2^53 − 1 a JSON number no longer says which integer was meant. */
export const HTTP_AMOUNT_MAX = BigInt(Number.MAX_SAFE_INTEGER);

export type AmountProblem = 'not_a_number' | 'not_an_integer' | 'out_of_bounds';

export type ParsedAmount = { ok: true; minor: bigint } | { ok: false; problem: AmountProblem };

/**
 * Minor units from a value of parsed JSON: a whole number within ±(2^53 − 1). Whether zero and below are allowed is for
 * the caller to say. A spelling such as `1e3` or `5.0` is gone after `JSON.parse`; who must refuse it reads the text.
 */
export function parseAmount(value: unknown): ParsedAmount {
  if (typeof value !== 'number' || Number.isNaN(value)) return { ok: false, problem: 'not_a_number' };
  if (Number.isSafeInteger(value)) return { ok: true, minor: BigInt(value) };
  return {
    ok: false,
    problem: Number.isInteger(value) || !Number.isFinite(value) ? 'out_of_bounds' : 'not_an_integer',
  };
}

const DECIMAL_TEXT = /^(?<sign>-?)(?<whole>\d{1,20})(?:\.(?<fraction>\d{1,18}))?$/;

/**
 * Minor units from decimal text in major units, as `11.77` USD in a file: 1177. More decimals than the currency has are
 * `not_an_integer` of minor units unless they are zeros. Throws `unknown_currency`.
 */
export function parseDecimal(text: string, currency: string): ParsedAmount {
  const exponent = exponentOf(currency);
  const parts = DECIMAL_TEXT.exec(text)?.groups;
  if (parts === undefined) return { ok: false, problem: 'not_a_number' };
  const fraction = (parts['fraction'] ?? '').padEnd(exponent, '0');
  if (/[1-9]/.test(fraction.slice(exponent))) return { ok: false, problem: 'not_an_integer' };
  const magnitude = BigInt((parts['whole'] ?? '') + fraction.slice(0, exponent));
  if (!isWithinBounds(magnitude)) return { ok: false, problem: 'out_of_bounds' };
  return { ok: true, minor: parts['sign'] === '-' ? -magnitude : magnitude };
}

/** Major units as decimal text with all of the currency's digits: `11.77`, `-0.05`, `500`. Throws `unknown_currency`. */
export function formatDecimal({ minor, currency }: Money): string {
  const exponent = exponentOf(currency);
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Decimal text with its currency: `11.77 USD`. Throws `unknown_currency`. */
export function formatMoney(amount: Money): string {
  return `${formatDecimal(amount)} ${amount.currency}`;
}
