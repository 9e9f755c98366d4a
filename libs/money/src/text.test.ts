// What is written can be read again; what is not an amount says so.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencies, formatDecimal, formatMoney, HTTP_AMOUNT_MAX, MINOR_MAX, money } from './index.ts';
import { parseAmount, parseDecimal } from './index.ts';

test('decimal text can be read again, in every currency', () => {
  const minor = fc.bigInt({ min: -MINOR_MAX, max: MINOR_MAX });
  fc.assert(
    fc.property(minor, fc.constantFrom(...currencies), (amount, currency) => {
      expect(parseDecimal(formatDecimal(money(amount, currency)), currency)).toEqual({ ok: true, minor: amount });
    }),
  );
});

test.each([
  [1177n, 'USD', '11.77 USD'],
  [5n, 'USD', '0.05 USD'],
  [-5n, 'USD', '-0.05 USD'],
  [500n, 'JPY', '500 JPY'],
  [1n, 'KWD', '0.001 KWD'],
  [12345n, 'CLF', '1.2345 CLF'],
  [100n, 'MGA', '1.00 MGA'],
  [100n, 'ISK', '100 ISK'],
])('%s minor units of %s read as %s', (minor, currency, expected) => {
  expect(formatMoney(money(minor, currency))).toBe(expected);
});

test.each([
  ['11.77', 'USD', 1177n],
  ['11.7', 'USD', 1170n],
  ['11', 'USD', 1100n],
  ['11.770', 'USD', 1177n],
  ['500', 'JPY', 500n],
  ['500.00', 'JPY', 500n],
  ['-0.01', 'USD', -1n],
])('%s %s is %s minor units', (text, currency, minor) => {
  expect(parseDecimal(text, currency)).toEqual({ ok: true, minor });
});

test.each([
  ['11.775', 'USD', 'not_an_integer'],
  ['0.5', 'JPY', 'not_an_integer'],
  ['', 'USD', 'not_a_number'],
  ['.5', 'USD', 'not_a_number'],
  ['1e3', 'USD', 'not_a_number'],
  ['1,000', 'USD', 'not_a_number'],
  [' 1', 'USD', 'not_a_number'],
  ['99999999999999999999', 'USD', 'out_of_bounds'],
])('%j %s is refused: %s', (text, currency, problem) => {
  expect(parseDecimal(text, currency)).toEqual({ ok: false, problem });
});

test.each([
  [1099, 1099n],
  [0, 0n],
  [-1, -1n],
  [Number.MAX_SAFE_INTEGER, HTTP_AMOUNT_MAX],
])('the JSON number %s is %s minor units', (value, minor) => {
  expect(parseAmount(value)).toEqual({ ok: true, minor });
});

test.each([
  [10.5, 'not_an_integer'],
  [Number.MAX_SAFE_INTEGER + 1, 'out_of_bounds'],
  [1e21, 'out_of_bounds'],
  [Infinity, 'out_of_bounds'],
  [Number.NaN, 'not_a_number'],
  ['1099', 'not_a_number'],
  [null, 'not_a_number'],
  [undefined, 'not_a_number'],
  [[1], 'not_a_number'],
])('the JSON value %j is refused: %s', (value, problem) => {
  expect(parseAmount(value)).toEqual({ ok: false, problem });
});
