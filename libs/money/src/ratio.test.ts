// Exact ratios: nothing is rounded before the end, and a rate's text and its number are the same rate.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ratio } from './index.ts';
import { ceil, divide, floor, MoneyError, multiply, parseRate, ratio, roundHalfEven, toDecimal } from './index.ts';

const numerator = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
const aboveZero = fc.bigInt({ min: 1n, max: 10n ** 30n });
const anyRatio = fc.tuple(numerator, aboveZero).map(([top, bottom]) => ratio(top, bottom));
const positive = fc.tuple(aboveZero, aboveZero).map(([top, bottom]) => ratio(top, bottom));

/** Below zero, zero or above zero, as `a` is below, at or above `b`. */
function compare(a: Ratio, b: Ratio): bigint {
  return a.numerator * b.denominator - b.numerator * a.denominator;
}

const whole = (value: bigint): Ratio => ratio(value, 1n);
/** Twice the distance of a ratio from a whole number, in units of one over its denominator. */
const twiceOff = (value: Ratio, to: bigint): bigint => {
  const off = 2n * (value.numerator - to * value.denominator);
  return off < 0n ? -off : off;
};

describe('rounding', () => {
  test('floor and ceil are the whole numbers on either side, and the number itself where it is whole', () => {
    fc.assert(
      fc.property(anyRatio, (value) => {
        const [below, above] = [floor(value), ceil(value)];
        expect(compare(whole(below), value) <= 0n && compare(whole(below + 1n), value) > 0n).toBe(true);
        expect(compare(whole(above), value) >= 0n && compare(whole(above - 1n), value) < 0n).toBe(true);
        expect(above - below).toBe(value.numerator % value.denominator === 0n ? 0n : 1n);
      }),
    );
  });

  test('half even is at most a half away, and even where it is a half', () => {
    fc.assert(
      fc.property(anyRatio, (value) => {
        const rounded = roundHalfEven(value);
        expect(twiceOff(value, rounded) <= value.denominator).toBe(true);
        if (twiceOff(value, rounded) === value.denominator) expect(rounded % 2n).toBe(0n);
      }),
    );
  });

  test.each([
    [5n, 2n, 2n, 2n, 3n],
    [7n, 2n, 3n, 4n, 4n],
    [-5n, 2n, -3n, -2n, -2n],
    [-7n, 2n, -4n, -4n, -3n],
    [6n, 3n, 2n, 2n, 2n],
    [-1n, 3n, -1n, 0n, 0n],
  ])('%s/%s: down %s, half even %s, up %s', (top, bottom, down, nearest, up) => {
    const value = ratio(top, bottom);
    expect([floor(value), roundHalfEven(value), ceil(value)]).toEqual([down, nearest, up]);
  });
});

test('what is multiplied and divided by the same is the same', () => {
  fc.assert(
    fc.property(anyRatio, positive, (value, by) => {
      expect(compare(divide(multiply(value, by), by), value)).toBe(0n);
    }),
  );
});

test('there is no ratio over nothing, nor over less', () => {
  expect(() => ratio(1n, 0n)).toThrow(MoneyError);
  expect(() => divide(whole(1n), whole(0n))).toThrow(MoneyError);
  expect(() => divide(whole(1n), whole(-1n))).toThrow(MoneyError);
});

describe('the text of a rate', () => {
  test.each([
    ['1.1172', 11_172n, 10_000n],
    ['175.680', 175_680n, 1_000n],
    ['0.000001', 1n, 10n ** 6n],
    ['20275.17', 2_027_517n, 100n],
    ['007', 7n, 1n],
    [`0.${'0'.repeat(18)}123456789012345678`, 123_456_789_012_345_678n, 10n ** 36n],
  ])('%s', (text, top, bottom) => {
    expect(parseRate(text)).toEqual({ numerator: top, denominator: bottom });
  });

  test.each([
    '',
    '0',
    '0.000',
    '-1',
    '+1',
    '1.',
    '.5',
    '1e3',
    '1,5',
    ' 1',
    '1 ',
    'N/A',
    '1.1234567890123456789',
    '1'.repeat(19),
    `0.${'0'.repeat(36)}1`,
    '١',
  ])('%j names no rate', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });

  test('is the number to eighteen digits, and no nearer text of so many digits names it', () => {
    const rate = fc.tuple(fc.bigInt(1n, 10n ** 24n), fc.bigInt(1n, 10n ** 24n));
    fc.assert(
      fc.property(
        rate.filter(([top, bottom]) => top < bottom * 10n ** 17n && bottom < top * 10n ** 17n),
        ([top, bottom]) => {
          const value = ratio(top, bottom);
          const text = toDecimal(value, 18);
          const read = parseRate(text);
          if (read === undefined) throw new Error(`${text} cannot be read`);
          expect(toDecimal(read, 18)).toBe(text);
          // Within half a unit of its eighteenth digit: |read − value| · 2 · 10^17 ≤ read, whichever its first digit is.
          const off = compare(read, value);
          const distance = off < 0n ? -off : off;
          expect(distance * 2n * 10n ** 17n <= read.numerator * value.denominator).toBe(true);
        },
      ),
    );
  });

  test('of a text of at most eighteen digits is that text, but for zeros at its end', () => {
    const digits = fc.bigInt(1n, 10n ** 18n - 1n);
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 17 }), (value, decimals) => {
        const text = toDecimal(ratio(value, 10n ** BigInt(decimals)), 18);
        expect(parseRate(text)).toBeDefined();
        expect(compare(parseRate(text) ?? whole(0n), ratio(value, 10n ** BigInt(decimals)))).toBe(0n);
        expect(text).not.toMatch(/\.\d*0$|\.$/);
      }),
    );
  });

  test.each([
    [1n, 3n, '0.333333333333333333'],
    [2n, 3n, '0.666666666666666667'],
    [10n, 1n, '10'],
    [1n, 200n, '0.005'],
    [10n ** 18n - 1n, 1n, '999999999999999999'],
    [1_999_999_999_999_999_999n, 2n * 10n ** 18n, '1'], // rounds up to a digit more
    [1_000_000_000_000_000_005n, 10n ** 18n, '1'], // a tie, to the even one
    [1_000_000_000_000_000_015n, 10n ** 18n, '1.00000000000000002'],
  ])('%s/%s: %s', (top, bottom, text) => {
    expect(toDecimal(ratio(top, bottom), 18)).toBe(text);
  });

  test.each([
    [0n, 1n],
    [-1n, 1n],
    [10n ** 18n, 1n],
    [1n, 10n ** 40n],
  ])('%s/%s is no rate', (top, bottom) => {
    expect(() => toDecimal(ratio(top, bottom), 18)).toThrow(MoneyError);
  });
});
