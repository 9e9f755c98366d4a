// Tells requests apart, and names the field that does.
import { expect, test } from 'vitest';
import { differingField, fingerprintOf } from './fingerprint.ts';

const body = { amount: 1, currency: 'USD', metadata: { a: '1', b: '2' } };

test('is the same for equal bodies however they were written', () => {
  const other = { metadata: { b: '2', a: '1' }, currency: 'USD', amount: 1 };
  expect(fingerprintOf('POST', '/v1/payments', other)).toEqual(fingerprintOf('POST', '/v1/payments', body));
});

test('differs by path and by body', () => {
  const first = fingerprintOf('POST', '/v1/payments', body).toString('hex');
  expect(fingerprintOf('POST', '/v1/top_ups', body).toString('hex')).not.toBe(first);
  expect(fingerprintOf('POST', '/v1/payments', { ...body, amount: 2 }).toString('hex')).not.toBe(first);
});

test.each([
  ['nothing', body, null],
  ['a value', { ...body, amount: 2 }, '/amount'],
  ['the first of two by name', { ...body, amount: 2, currency: 'EUR' }, '/amount'],
  ['a field that is new', { ...body, description: '' }, '/description'],
  ['a field that is gone', { amount: 1, currency: 'USD' }, '/metadata'],
  ['something deeper', { ...body, metadata: { a: '1', b: '3' } }, '/metadata'],
])('names %s', (_what, other, field) => {
  expect(differingField(body, other)).toBe(field);
  expect(differingField(other, body)).toBe(field);
});
