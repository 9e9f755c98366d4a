// Reads numbers as a bank would: a spelling that JSON.parse forgives is noticed, and no minor unit is lost on the way out.
import { expect, test } from 'vitest';
import { parseJson, toJson } from './index.ts';

test.each([
  '{"amount":1099}',
  '{"amount": -5 , "a":[0,1,2]}',
  '{"text":"1.5e3 and \\"2.0\\" and 1E9","b":true,"c":false,"d":null}',
  '{"back\\\\slash":"\\\\"}',
  '[]',
  '"1.5"',
])('finds plain numbers only in %s', (text) => {
  expect(parseJson(text)).toMatchObject({ ok: true, numbersPlain: true });
});

test.each([
  '{"amount":10.0}',
  '{"amount":1e3}',
  '{"amount":1E3}',
  '{"amount":10.99}',
  '[1,2.5]',
  '-0.0',
  '1e-2',
  '{"a":"x","b":5e0}',
])('notices the spelling of %s', (text) => {
  expect(parseJson(text)).toMatchObject({ ok: true, numbersPlain: false });
});

test.each([
  '',
  '{',
  '{"a":1,}',
  "{'a':1}",
  'NaN',
  '{"a":01}',
  '{"a":1}x',
  'undefined',
  '{"a":1,"a":2}',
  '[{"a":{"b":1,"c":[],"b":1}}]',
])('does not take %s for JSON', (text) => {
  expect(parseJson(text)).toEqual({ ok: false });
});

test('writes a bigint as an integer, however large', () => {
  expect(toJson({ amount: 2n ** 62n, list: [-1n, null, 'x'] })).toBe(
    '{"amount":4611686018427387904,"list":[-1,null,"x"]}',
  );
});
