// Rounding goes to the nearest, ties to the even one, and never further than half a unit.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideHalfEven, percentOf } from './index.ts';

test.each([
  // numerator, denominator, expected
  [0n, 1n, 0n],
  [1n, 2n, 0n],
  [3n, 2n, 2n],
  [5n, 2n, 2n],
  [7n, 2n, 4n],
  [-1n, 2n, 0n],
  [-3n, 2n, -2n],
  [-5n, 2n, -2n],
  [1n, 3n, 0n],
  [2n, 3n, 1n],
  [2n ** 62n, 1n, 2n ** 62n],
])('%s / %s is %s', (numerator, denominator, expected) => {
  expect(divideHalfEven(numerator, denominator)).toBe(expected);
});

test.each([0n, -1n])('a ratio over %s is refused', (denominator) => {
  expect(() => divideHalfEven(1n, denominator)).toThrow(expect.objectContaining({ code: 'out_of_bounds' }));
});

test('the result is never more than half a unit away, and even when it is exactly half', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 20n }), (numerator, denominator) => {
      const rounded = divideHalfEven(numerator, denominator);
      const rest = numerator - rounded * denominator;
      const twice = rest < 0n ? -rest * 2n : rest * 2n;
      expect(twice <= denominator).toBe(true);
      if (twice === denominator) expect(rounded % 2n).toBe(0n);
    }),
  );
});

test.each([
  // 2.9 % of 10.99 is 0.31871; ties: 0.5 % of 1.00 is half a cent, of 3.00 one and a half
  [1099n, 290, 32n],
  [100n, 50, 0n],
  [300n, 50, 2n],
  [500n, 50, 2n],
  [100n, 10_000, 100n],
  [0n, 290, 0n],
])('%s minor units at %s basis points are %s', (minor, basisPoints, expected) => {
  expect(percentOf(minor, basisPoints)).toBe(expected);
});
