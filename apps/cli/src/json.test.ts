// Shows that bigints reach JSON digit by digit.

import { expect, it } from 'vitest';
import { toJson } from './json.ts';

it('writes a bigint as an integer of any length, at any depth', () => {
  const value = { amount: 9_007_199_254_740_993n, list: [1n, { deep: -(2n ** 70n) }], text: '1', none: null };
  expect(toJson(value)).toBe(
    '{"amount":9007199254740993,"list":[1,{"deep":-1180591620717411303424}],"text":"1","none":null}',
  );
});
