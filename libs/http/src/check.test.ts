// Names the fault of a body by code and field, and never repeats what the caller wrote.
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { compileCheck } from './index.ts';

const check = compileCheck(
  Type.Object(
    {
      amount: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      currency: Type.String({ maxLength: 3 }),
      metadata: Type.Optional(Type.Record(Type.String({ maxLength: 4 }), Type.String({ maxLength: 5 }))),
    },
    { additionalProperties: false },
  ),
  { '/amount': 'amount_invalid' },
);
const good = { amount: 1, currency: 'USD' };

test('finds nothing wrong with a good body', () => {
  expect(check({ ...good, metadata: { a: 'b' } })).toBeUndefined();
});

test.each([
  ['an amount of zero', { ...good, amount: 0 }, 'amount_invalid', '/amount'],
  ['an amount below zero', { ...good, amount: -1 }, 'amount_invalid', '/amount'],
  ['a fraction', { ...good, amount: 10.5 }, 'amount_invalid', '/amount'],
  ['an amount beyond 2^53 - 1', { ...good, amount: 2 ** 53 }, 'amount_invalid', '/amount'],
  ['an amount that is endless', { ...good, amount: Number.POSITIVE_INFINITY }, 'amount_invalid', '/amount'],
  ['text for a number', { ...good, amount: '1' }, 'parameter_type_invalid', '/amount'],
  ['null for a number', { ...good, amount: null }, 'parameter_type_invalid', '/amount'],
  ['a number for text', { ...good, currency: 5 }, 'parameter_type_invalid', '/currency'],
  ['text that is too long', { ...good, currency: 'USDX' }, 'parameter_invalid', '/currency'],
  ['a missing field', { amount: 1 }, 'parameter_missing', '/currency'],
  ['a field nobody knows', { ...good, extra: 1 }, 'parameter_unknown', undefined],
  ['no object at all', [], 'parameter_type_invalid', undefined],
  ['null', null, 'parameter_type_invalid', undefined],
  ['metadata of the wrong type', { ...good, metadata: { a: 1 } }, 'parameter_type_invalid', '/metadata'],
  ['a text in it that is too long', { ...good, metadata: { a: '123456' } }, 'parameter_invalid', '/metadata'],
])('names %s', (_what, body, code, param) => {
  const fault = check(body);
  expect(fault?.code).toBe(code);
  expect(fault?.details.param).toBe(param);
});

test('refuses an integer that was spelled otherwise', () => {
  expect(check(good, false)).toMatchObject({ code: 'amount_invalid', details: { param: '/amount' } });
});

test('does not repeat a card number that was sent as a name', () => {
  const card = '4111111111111111';
  const faults = [check({ ...good, [card]: 1 }), check({ ...good, metadata: { [card]: 5 } })];
  expect(JSON.stringify(faults.map((fault) => [fault?.details, fault?.message]))).not.toContain(card);
});
