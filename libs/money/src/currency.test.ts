// The table of currencies is ISO's, with ISO's exponents and not a provider's.
import { expect, test } from 'vitest';
import { currencies, exponentOf, isCurrency } from './index.ts';

const EXPONENTS: Record<number, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

test.each([0, 3, 4])('exactly the listed currencies have exponent %s', (exponent) => {
  const found = currencies.filter((currency) => exponentOf(currency) === exponent);
  expect(found.join(' ')).toBe(EXPONENTS[exponent]);
});

test('every other currency has exponent 2, MGA and MRU among them', () => {
  const odd = new Set(Object.values(EXPONENTS).flatMap((codes) => codes.split(' ')));
  const others = currencies.filter((currency) => !odd.has(currency));
  expect(others).toEqual(expect.arrayContaining(['USD', 'EUR', 'MGA', 'MRU', 'XCG']));
  expect(new Set(others.map(exponentOf))).toEqual(new Set([2]));
});

test.each(['XAU', 'XXX', 'XTS', 'XDR', 'usd', 'US', 'USDX', '', '__proto__'])('%j is no currency', (code) => {
  expect(isCurrency(code)).toBe(false);
});
