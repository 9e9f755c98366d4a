// An account's id says everything about it, and reads back as it was written.
import { expect, test } from 'vitest';
import type { AccountName } from './index.ts';
import {
  houseAccountId,
  houseKinds,
  isProviderName,
  parseAccountId,
  payableAccountId,
  providerAccountId,
  receivableAccountId,
  walletAccountId,
} from './index.ts';

const house = { environment: 'test', ownerId: null, provider: null, currency: 'USD', partition: 3 };
const owned = { environment: 'live', provider: null, currency: 'EUR', partition: null };

const named: [string, string, AccountName][] = [
  [walletAccountId('live', 'cus_1', 'EUR'), 'live:wallet:cus_1:EUR', { ...owned, kind: 'wallet', ownerId: 'cus_1' }],
  [payableAccountId('live', 'mer_1', 'EUR'), 'live:payable:mer_1:EUR', { ...owned, kind: 'payable', ownerId: 'mer_1' }],
  [
    receivableAccountId('live', 'cus_1', 'EUR'),
    'live:receivable:cus_1:EUR',
    { ...owned, kind: 'receivable', ownerId: 'cus_1' },
  ],
  [
    providerAccountId('test', 'provider_clearing', 'acme', 'USD', 3),
    'test:provider_clearing/acme:USD:p3',
    { ...house, kind: 'provider_clearing', provider: 'acme' },
  ],
  ...houseKinds.map((kind): [string, string, AccountName] => [
    houseAccountId('test', kind, 'USD', 3),
    `test:${kind}:USD:p3`,
    { ...house, kind },
  ]),
];

test.each([
  ['sandbox', true],
  ['bank_2', true],
  ['', false],
  ['a:b', false],
  ['a/b', false],
  ['x'.repeat(41), false],
])('%j is a provider’s name: %s', (text, expected) => {
  expect(isProviderName(text)).toBe(expected);
});

test.each(named)('%s', (accountId, text, name) => {
  expect(accountId).toBe(text);
  expect(parseAccountId(accountId)).toEqual(name);
});

test.each([
  '',
  'test:wallet:cus_1',
  'prod:wallet:cus_1:USD',
  'test:purse:cus_1:USD',
  'test:wallet/acme:cus_1:USD',
  'test:world:USD',
  'test:world:USD:3',
  'test:world/acme:USD:p3',
  'test:provider_clearing:USD:p3',
  'test:provider_clearing/Acme Pay:USD:p3',
  'test:provider_clearing/\u0000:USD:p3',
  'test:wallet:cus_1:USD:p3',
])('%j names no account', (text) => {
  expect(parseAccountId(text)).toBeUndefined();
});
