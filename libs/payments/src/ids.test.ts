// Ids that are derived are the same for ever, and ids that are new are nobody else's.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  customerIdOf,
  expireIdOf,
  factIdOf,
  fromUuid,
  isAnyId,
  isId,
  newId,
  operationIdOf,
  operationPrefixes,
  operations,
  toUuid,
} from './index.ts';

const merchantId = 'mer_018f4d6e5a7b7c3d9e1f2a3b4c5d6e7f';
const scope = { merchantId, environment: 'test', idempotencyKey: 'order-1' } as const;

// Expected values by Python's uuid.uuid5.
test('derived ids never change: these are on the log', () => {
  expect(operationIdOf('pay', scope)).toBe('pay_058a510bc0ea553dae2f7cc7527ae286');
  expect(operationIdOf('top_up', scope)).toBe('tu_058a510bc0ea553dae2f7cc7527ae286');
  expect(customerIdOf(scope)).toBe('cus_b518175d686d52829f45d14b0ce0fcb2');
  expect(factIdOf('acme', 'evt-1')).toBe('dis_9331fb3cb8395f75aa345a7543b348ae');
  expect(expireIdOf('pay_058a510bc0ea553dae2f7cc7527ae286')).toBe('exp_7c7acb410b675bfc89d7571cb008fed8');
});

test('another merchant, environment or key is another payment', () => {
  const scopes = [
    scope,
    { ...scope, environment: 'live' as const },
    { ...scope, idempotencyKey: 'order-2' },
    { ...scope, merchantId: newId('mer') },
  ];
  expect(new Set(scopes.map((each) => operationIdOf('pay', each))).size).toBe(scopes.length);
});

test('one key is one uuid on every endpoint, and an authorized payment is a payment', () => {
  const digits = operations.map((operation) => operationIdOf(operation, scope).split('_')[1]);
  expect(new Set(digits).size).toBe(1);
  expect(operationIdOf('authorize', scope)).toBe(operationIdOf('pay', scope));
});

test('the events of two providers never share an id', () => {
  expect(factIdOf('acme', 'evt-1')).not.toBe(factIdOf('other', 'evt-1'));
});

test('a uuid survives being an id', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(toUuid(fromUuid('pay', uuid))).toBe(uuid);
    }),
  );
});

test('new ids differ and sort by when they were made', () => {
  const ids = Array.from({ length: 1_000 }, () => newId('ntf'));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});

test.each(['', 'pay_', 'pay_123', 'pay_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz', `pay_${'0'.repeat(33)}`])(
  '%j has no uuid',
  (id) => {
    expect(() => toUuid(id)).toThrow(RangeError);
  },
);

test.each([
  [operationIdOf('pay', scope), true],
  [operationIdOf('top_up', scope), false],
  ['pay_058A510BC0EA553DAE2F7CC7527AE286', false],
  ['pay_058a510bc0ea553dae2f7cc7527ae286\n', false],
  ['pay_058a510bc0ea553dae2f7cc7527ae28', false],
  ['', false],
])('%j is a payment id: %s', (text, expected) => {
  expect(isId('pay', text)).toBe(expected);
  expect(isAnyId(text)).toBe(expected || text.startsWith('tu_'));
});

test('every operation has a prefix', () => {
  expect(Object.keys(operationPrefixes).toSorted()).toEqual([...operations].toSorted());
});
