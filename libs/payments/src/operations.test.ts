// Where each operation belongs on the log.
import { expect, test } from 'vitest';
import { isEnvironment, isOperation, keyOfOperation } from './index.ts';

const ids = { paymentId: 'pay_1', merchantId: 'mer_1' };

test.each([
  // operation, customer, key
  ['pay', 'cus_1', 'cus_1'],
  ['top_up', 'cus_1', 'cus_1'],
  ['transfer', 'cus_1', 'cus_1'],
  ['capture', 'cus_1', 'cus_1'],
  ['refund', 'cus_1', 'cus_1'],
  ['pay_out', 'cus_1', 'cus_1'],
  ['freeze', 'cus_1', 'cus_1'],
  ['pay_out', null, 'mer_1'],
  ['return', null, 'mer_1'],
  ['report', null, 'mer_1'],
  ['report', 'cus_1', 'cus_1'],
  ['limit', null, 'mer_1'],
  ['freeze', null, 'mer_1'],
  ['unfreeze', null, 'mer_1'],
  ['close', null, 'mer_1'],
  ['pay', null, 'pay_1'],
  ['capture', null, 'pay_1'],
  ['correct', null, 'mer_1'],
  ['resolve', null, 'pay_1'],
  ['dispute', null, 'pay_1'],
])('%s of customer %s has the key %s', (operation, customerId, key) => {
  expect(keyOfOperation({ ...ids, operation, customerId })).toBe(key);
});

test('operations and environments are known by exact name', () => {
  expect(['pay', 'top_up', 'dispute'].every(isOperation)).toBe(true);
  expect(['Pay', 'topup', '', '__proto__'].some(isOperation)).toBe(false);
  expect(['test', 'live'].every(isEnvironment)).toBe(true);
  expect(['prod', 'Test', ''].some(isEnvironment)).toBe(false);
});
