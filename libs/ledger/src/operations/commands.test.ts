// Follows commands on accounts, their limits, velocity rules, and corrections.
import type { VelocityRule } from '@paystream/risk';
import { expect, test } from 'vitest';
import type { ProcessedOperation } from '../processed-operation.ts';
import {
  aCommand,
  aCorrection,
  anAuthorize,
  aPay,
  aPayOut,
  aReport,
  aTopUp,
  aTransfer,
  customerId,
  DAY_MICROS,
  emptyBooks,
  houseId,
  merchantId,
  payableId,
  runBatch,
  standing,
  tell,
  TIME,
  walletId,
} from '../testing/builders.ts';

const pay = (number: number, overrides: Partial<ProcessedOperation> = {}) =>
  aPay(number, { amountMinor: 100n, ...overrides });

test.each([
  [
    'a frozen wallet gives nothing',
    [aCommand(3, 'freeze'), pay(4), aCommand(5, 'unfreeze'), pay(6)],
    ['succeeded', 'account_frozen', 'succeeded', 'succeeded, succeeded'],
  ],
  ['an account with money cannot be closed', [aCommand(3, 'close')], ['ledger_rejected']],
  [
    'a closed one takes no command and no money',
    [pay(3, { amountMinor: 1_000n }), aCommand(4, 'close'), aCommand(5, 'unfreeze'), aTopUp(6)],
    ['succeeded, succeeded', 'succeeded', 'account_closed_or_invalid', 'account_closed_or_invalid'],
  ],
  [
    'an overdraft is spent, and cannot be taken away then',
    [
      aCommand(3, 'limit', { overdraftMinor: 50n }),
      pay(4, { amountMinor: 1_050n }),
      aCommand(5, 'limit', { overdraftMinor: 49n }),
      pay(6, { amountMinor: 1n }),
    ],
    ['succeeded', 'succeeded, succeeded', 'insufficient_funds', 'insufficient_funds'],
  ],
  [
    'an amount a day, holds and transfers among it, begins anew the next day',
    [
      aCommand(3, 'limit', { dailyAmountMinor: 250n }),
      pay(4),
      anAuthorize(5, { amountMinor: 100n }),
      aTransfer(6, [[2, 51n]]),
      aTransfer(7, [[2, 50n]]),
      pay(8, { amountMinor: 1n }),
      pay(9, { amountMinor: 1n, requestedAt: TIME + DAY_MICROS }),
      pay(10, { amountMinor: 250n, requestedAt: TIME }),
    ],
    [
      ...['succeeded', 'succeeded, succeeded', 'succeeded, authorized', 'velocity_limit_exceeded', 'succeeded'],
      // The last one is of the day before and counts to the day that stands.
      ...['velocity_limit_exceeded', 'succeeded, succeeded', 'velocity_limit_exceeded'],
    ],
  ],
  [
    'a count a day counts what was spent before the limit, and not what was declined',
    [pay(3), pay(4, { amountMinor: 5_000n }), aCommand(5, 'limit', { dailyCount: 2n }), pay(6), pay(7)],
    ['succeeded, succeeded', 'insufficient_funds', 'succeeded', 'succeeded, succeeded', 'velocity_limit_exceeded'],
  ],
])('%s', (_case, operations, words) => {
  const books = emptyBooks();
  tell(books, [aTopUp(1)]);
  expect(tell(books, operations)).toEqual(words);
});

test('a command changes the version and nothing else', () => {
  const books = emptyBooks();
  runBatch(books, [aTopUp(1)]);
  const { accounts, decisions } = runBatch(books, [
    aCommand(2, 'limit', { dailyAmountMinor: 5n, dailyCount: 6n, overdraftMinor: 7n }),
  ]);
  expect(accounts).toMatchObject([
    { id: walletId(1), version: 2n, postedMinor: 1_000n, dailyAmountMinor: 5n, dailyCount: 6n, overdraftMinor: 7n },
  ]);
  expect(decisions).toMatchObject([{ postings: [], outcome: 'succeeded', payment: null }]);
});

test('a merchant’s payable has limits of its own', () => {
  const books = emptyBooks();
  tell(books, [aTopUp(1), aPay(2), aCommand(3, 'limit', { accountId: payableId(1), dailyCount: 1n })]);
  expect(tell(books, [aPayOut(4, { amountMinor: 1n }), aPayOut(5, { amountMinor: 1n })])).toEqual([
    'admitted, in_transit',
    'velocity_limit_exceeded',
  ]);
});

test.each([
  ['another’s wallet', aCommand(2, 'freeze', { accountId: walletId(9) })],
  ['a house account', aCommand(2, 'freeze', { accountId: houseId('world') })],
  ['a limit below zero', aCommand(2, 'limit', { overdraftMinor: -1n })],
  // With what is posted it would be beyond what the database can add up, and every later operation with it.
  ['a limit beyond all accounts', aCommand(2, 'limit', { overdraftMinor: 2n ** 63n - 1n })],
])('a command on %s is poison', (_case, command) => {
  expect(runBatch(emptyBooks(), [command]).decisions).toMatchObject([{ kind: 'rejected' }]);
});

const SECOND = 1_000_000n;
const rule = (overrides: Partial<VelocityRule>): VelocityRule => ({
  ...{ ruleId: 'r', ruleVersion: 3n, amountMinor: null, currency: null, count: null, windowSeconds: 60n },
  ...overrides,
});

test.each([
  // rule, seconds at which payments of 100 are asked, what is said
  [
    'two in a minute',
    rule({ count: 2n }),
    [0n, 30n, 59n, 60n, 90n],
    ['succeeded', 'succeeded', 'velocity_limit_exceeded', 'succeeded', 'succeeded'],
  ],
  [
    '250 in a minute',
    rule({ amountMinor: 250n, currency: 'USD' }),
    [0n, 10n, 20n, 61n],
    ['succeeded', 'succeeded', 'velocity_limit_exceeded', 'succeeded'],
  ],
  ['of another currency', rule({ amountMinor: 1n, currency: 'EUR' }), [0n, 1n], ['succeeded', 'succeeded']],
])('velocity: %s', (_case, velocity, seconds, words) => {
  const books = emptyBooks();
  tell(books, [aTopUp(1)]);
  const payments = seconds.map((second, at) =>
    pay(10 + at, { requestedAt: TIME + second * SECOND, velocity: [velocity] }),
  );
  expect(tell(books, payments).map((word) => word.split(',')[0])).toEqual(words);
});

test('velocity is one customer’s at one merchant, and says what it saw', () => {
  const books = emptyBooks();
  tell(books, [aTopUp(1), aTopUp(2, { customerId: customerId(2) })]);
  const velocity = [rule({ count: 1n })];
  const { decisions } = runBatch(books, [
    pay(3, { velocity }),
    pay(4, { velocity, customerId: customerId(2) }),
    pay(5, { velocity, merchantId: merchantId(2) }),
    pay(6),
    pay(7, { velocity }),
  ]);
  expect(decisions.map((decision) => decision.kind === 'decided' && decision.outcome)).toEqual([
    ...['succeeded', 'succeeded', 'succeeded', 'succeeded', 'failed'],
  ]);
  expect(decisions.at(-1)).toMatchObject({
    failure: { code: 'velocity_limit_exceeded', ruleId: 'r', ruleVersion: 3n },
    decisions: [{ ruleId: 'r', ruleVersion: 3n, decision: 'refuse', observed: 2n, bound: 1n, currency: null }],
  });
});

/** What a pay-out of which less was paid than asked has left, back to its purse. */
const SUSPENDED = {
  ...{ debitAccountId: 'test:suspense:USD', creditAccountId: payableId(1) },
  ...{ currency: 'USD', amountMinor: 100n },
};
const line = { debitAccountId: payableId(1), creditAccountId: walletId(1), currency: 'USD', amountMinor: 70n };

test.each([
  [
    'once',
    [aCorrection(3, aPay(2).operationId, [line])],
    ['succeeded'],
    { 'wallet 1 USD': '70', 'payable 1 USD': '930' },
  ],
  [
    'not twice',
    [aCorrection(3, aPay(2).operationId, [line]), aCorrection(4, aPay(2).operationId, [line])],
    ['succeeded', 'duplicate'],
    { 'wallet 1 USD': '70', 'payable 1 USD': '930' },
  ],
  [
    'the correction itself can be corrected',
    [
      aCorrection(3, aPay(2).operationId, [line]),
      aCorrection(4, aCorrection(3, '', []).operationId, [
        { ...line, debitAccountId: walletId(1), creditAccountId: payableId(1) },
      ]),
    ],
    ['succeeded', 'succeeded'],
    { 'payable 1 USD': '1000' },
  ],
  [
    'not what was never decided',
    [aCorrection(3, aPay(99).operationId, [line])],
    ['ledger_rejected'],
    { 'payable 1 USD': '1000' },
  ],
  [
    'not what failed',
    [aPay(5), aCorrection(3, aPay(5).operationId, [line])],
    ['insufficient_funds', 'ledger_rejected'],
    { 'payable 1 USD': '1000' },
  ],
  [
    'of a pay-out by the report that ended it, and of one that ended nothing',
    [
      aPayOut(5, { amountMinor: 600n }),
      aCorrection(3, aPayOut(5).operationId, [SUSPENDED]),
      aReport(6, aPayOut(5, { amountMinor: 600n }), { status: 'paid', amountMinor: 500n }),
      aCorrection(4, `dis_${'6'.padStart(32, '0')}`, [{ ...line, amountMinor: 100n }]),
      aReport(7, aPayOut(5, { amountMinor: 600n }), { status: 'paid' }),
      aCorrection(8, `dis_${'7'.padStart(32, '0')}`, [{ ...line, amountMinor: 100n }]),
    ],
    [
      ...['admitted, in_transit', 'ledger_rejected', 'manual_review, in_transit', 'succeeded'],
      ...['succeeded, paid', 'succeeded'],
    ],
    { 'payable 1 USD': '200', 'wallet 1 USD': '200', 'suspense USD': '-500' },
  ],
  [
    'not beyond the funds',
    [aCorrection(3, aPay(2).operationId, [{ ...line, amountMinor: 1_001n }])],
    ['insufficient_funds'],
    { 'payable 1 USD': '1000' },
  ],
  [
    'a house account is this partition’s',
    [aCorrection(3, aPay(2).operationId, [{ ...line, creditAccountId: 'test:suspense:USD' }])],
    ['succeeded'],
    { 'payable 1 USD': '930', 'suspense USD': '70' },
  ],
  [
    'never another partition’s',
    [aCorrection(3, aPay(2).operationId, [{ ...line, creditAccountId: 'test:suspense:USD:p1' }])],
    ['a line is not between two accounts of one currency'],
    { 'payable 1 USD': '1000' },
  ],
  [
    'never across currencies or environments',
    [
      aCorrection(3, aPay(2).operationId, [{ ...line, creditAccountId: walletId(1, 'EUR') }]),
      aCorrection(4, aPay(2).operationId, [{ ...line, creditAccountId: walletId(1).replace('test', 'live') }]),
    ],
    Array(2).fill('a line is not between two accounts of one currency'),
    { 'payable 1 USD': '1000' },
  ],
])('a correction: %s', (_case, operations, words, accounts) => {
  const books = emptyBooks();
  tell(books, [aTopUp(1), aPay(2)]);
  expect(tell(books, operations)).toEqual(words);
  expect(standing(books)).toEqual(accounts);
});
