// Amounts add and compare within one currency and within their bounds, and in no other way.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, compare, MINOR_MAX, money, MoneyError, subtract } from './index.ts';

const minor = fc.bigInt({ min: -MINOR_MAX / 2n, max: MINOR_MAX / 2n });

test('what is added can be subtracted again', () => {
  fc.assert(
    fc.property(minor, minor, (a, b) => {
      const sum = add(money(a, 'USD'), money(b, 'USD'));
      expect(subtract(sum, money(b, 'USD'))).toEqual(money(a, 'USD'));
    }),
  );
});

test('comparing agrees with the sign of the difference', () => {
  fc.assert(
    fc.property(minor, minor, (a, b) => {
      const difference = subtract(money(a, 'JPY'), money(b, 'JPY')).minor;
      expect(compare(money(a, 'JPY'), money(b, 'JPY'))).toBe(difference === 0n ? 0 : difference > 0n ? 1 : -1);
    }),
  );
});

test.each([
  ['add', () => add(money(1n, 'USD'), money(1n, 'EUR')), 'mixed_currencies'],
  ['subtract', () => subtract(money(1n, 'USD'), money(1n, 'EUR')), 'mixed_currencies'],
  ['compare', () => compare(money(1n, 'USD'), money(1n, 'EUR')), 'mixed_currencies'],
  ['a currency of no country', () => money(1n, 'ZZZ'), 'unknown_currency'],
  ['gold, which has no minor unit', () => money(1n, 'XAU'), 'unknown_currency'],
  ['lower case', () => money(1n, 'usd'), 'unknown_currency'],
  ['one beyond the bound', () => money(MINOR_MAX + 1n, 'USD'), 'out_of_bounds'],
  ['one beyond the bound below zero', () => money(-MINOR_MAX - 1n, 'USD'), 'out_of_bounds'],
  ['a sum beyond the bound', () => add(money(MINOR_MAX, 'USD'), money(1n, 'USD')), 'out_of_bounds'],
  ['a difference beyond it', () => subtract(money(-MINOR_MAX, 'USD'), money(1n, 'USD')), 'out_of_bounds'],
])('%s is refused as %s', (_case, act, code) => {
  expect(act).toThrow(MoneyError);
  expect(act).toThrow(expect.objectContaining({ code }));
});

test('the bounds themselves are amounts', () => {
  expect(money(MINOR_MAX, 'USD').minor).toBe(2n ** 62n);
  expect(money(-MINOR_MAX, 'USD').minor).toBe(-(2n ** 62n));
});
