// Follows holds from authorization to their end: captured in parts or whole, voided, expired.
import { expect, test } from 'vitest';
import {
  aCancel,
  aCapture,
  aCommand,
  aConversion,
  aFee,
  anAuthorize,
  anExpire,
  aPay,
  aRefund,
  aTopUp,
  customerId,
  DAY_MICROS,
  emptyBooks,
  merchantId,
  runBatch,
  standing,
  tell,
  TIME,
} from '../testing/builders.ts';

const PERCENT = { percentBps: 290, fixedMinor: 30n };
const topUp = aTopUp(1, { amountMinor: 5_000n });
const held = anAuthorize(2, { fees: [aFee(59n, PERCENT)] });

test.each([
  // operations after a hold of 1,000, what is said of each, where accounts stand
  ['nothing', [], [], { 'wallet 1 USD': '5000 (1000)' }],
  [
    'all of it',
    [aCapture(3, { of: 2, amountMinor: 1_000n })],
    ['succeeded, succeeded'],
    { 'wallet 1 USD': '4000', 'payable 1 USD': '941', 'fee_income USD': '59' },
  ],
  // 2.9 % of 400 is 12, with the fixed 30 42; of 700 20, so 50 in all; of 1,000 29, so 59 in all.
  [
    'in three parts, with the fixed fee once',
    [
      aCapture(3, { of: 2, amountMinor: 400n }),
      aCapture(4, { of: 2, amountMinor: 300n }),
      aCapture(5, { of: 2, amountMinor: 300n }),
    ],
    ['succeeded, partially_captured', 'succeeded, partially_captured', 'succeeded, succeeded'],
    { 'wallet 1 USD': '4000', 'payable 1 USD': '941', 'fee_income USD': '59' },
  ],
  [
    'a part that is final',
    [aCapture(3, { of: 2, amountMinor: 400n, final: true }), aCapture(4, { of: 2, amountMinor: 1n })],
    ['succeeded, succeeded', 'already_captured, succeeded'],
    { 'wallet 1 USD': '4600', 'payable 1 USD': '358', 'fee_income USD': '42' },
  ],
  [
    'more than was held',
    [aCapture(3, { of: 2, amountMinor: 1_001n }), aCapture(4, { of: 2, amountMinor: 1_001n, final: true })],
    ['exceeds_authorized_amount, authorized', 'exceeds_authorized_amount, authorized'],
    { 'wallet 1 USD': '5000 (1000)' },
  ],
  [
    'void',
    [aCancel(3, 2), aCapture(4, { of: 2, amountMinor: 1n }), aCancel(5, 2)],
    ['succeeded, canceled', 'already_voided, canceled', 'already_voided, canceled'],
    { 'wallet 1 USD': '5000' },
  ],
  [
    'void of what a capture left',
    [aCapture(3, { of: 2, amountMinor: 400n }), aCancel(4, 2)],
    ['succeeded, partially_captured', 'succeeded, succeeded'],
    { 'wallet 1 USD': '4600', 'payable 1 USD': '358', 'fee_income USD': '42' },
  ],
  [
    'expiry, first a microsecond too early',
    [anExpire(3, 2, TIME + DAY_MICROS - 1n), anExpire(4, 2), aCapture(5, { of: 2, amountMinor: 1n })],
    ['payment_not_capturable, authorized', 'succeeded, expired', 'hold_expired, expired'],
    { 'wallet 1 USD': '5000' },
  ],
  [
    'a refund before any capture',
    [aRefund(3, { of: 2, amountMinor: 1n })],
    ['refund_exceeds_captured, authorized'],
    { 'wallet 1 USD': '5000 (1000)' },
  ],
  [
    'another merchant’s, another customer’s, another currency’s capture',
    [
      aCapture(3, { of: 2, amountMinor: 1n, merchantId: merchantId(9) }),
      aCapture(4, { of: 2, amountMinor: 1n, customerId: customerId(9) }),
      aCapture(5, { of: 2, amountMinor: 1n, currency: 'EUR' }),
      aCapture(6, { of: 9, amountMinor: 1n }),
    ],
    [
      'payment_not_capturable',
      'payment_not_capturable',
      'payment_not_capturable, authorized',
      'payment_not_capturable',
    ],
    { 'wallet 1 USD': '5000 (1000)' },
  ],
])('%s', (_case, operations, words, accounts) => {
  const books = emptyBooks();
  tell(books, [topUp, held]);
  expect(tell(books, operations)).toEqual(words);
  expect(standing(books)).toEqual(accounts);
});

test('a part that would cost the customer more than is held for the whole is not captured', () => {
  const books = emptyBooks();
  // Above 100 the merchant's fee takes what the customer's could have: the whole costs 152, a hundred of it 200.
  const fees = [
    aFee(50n, { tier: 'marginal:100-' }),
    aFee(51n, { kind: 'service', bearer: 'customer', fixedMinor: 100n }),
  ];
  const operations = [
    aTopUp(1, { amountMinor: 152n }),
    anAuthorize(2, { amountMinor: 101n, fees }),
    aCapture(3, { of: 2, amountMinor: 100n }),
    aCapture(4, { of: 2, amountMinor: 101n }),
  ];
  const words = ['succeeded', 'succeeded, authorized', 'ledger_rejected, authorized', 'succeeded, succeeded'];
  expect(tell(books, operations)).toEqual(words);
  expect(standing(books)).toEqual({ 'payable 1 USD': '51', 'fee_income USD': '101' });
});

test('a hold counts as spent, and what is held is captured from a frozen wallet, too', () => {
  const books = emptyBooks();
  const operations = [aTopUp(1), anAuthorize(2), aPay(3, { amountMinor: 1n }), aCommand(4, 'freeze')];
  expect(tell(books, operations)).toEqual(['succeeded', 'succeeded, authorized', 'insufficient_funds', 'succeeded']);
  expect(tell(books, [aCapture(5, { of: 2, amountMinor: 600n }), aTopUp(6), anAuthorize(7)])).toEqual([
    'succeeded, partially_captured',
    'succeeded',
    'account_frozen',
  ]);
});

test('what begins and what follows may stand in one batch', () => {
  const books = emptyBooks();
  const { decisions, newPayments, changedPayments } = runBatch(books, [
    aTopUp(1),
    anAuthorize(2),
    aCapture(3, { of: 2, amountMinor: 1_000n }),
    aRefund(4, { of: 2, amountMinor: 1_000n }),
  ]);
  expect(decisions.map((decision) => decision.kind === 'decided' && decision.outcome)).toEqual(
    Array(4).fill('succeeded'),
  );
  expect(newPayments.map(({ status }) => status)).toEqual(['refunded']);
  expect(changedPayments).toEqual([]);
});

test('the fee the customer bears is held and captured with the part it is for', () => {
  const books = emptyBooks();
  const fees = [aFee(20n, { bearer: 'customer', percentBps: 200, fixedMinor: 0n })];
  tell(books, [aTopUp(1, { amountMinor: 1_020n }), anAuthorize(2, { fees })]);
  expect(standing(books)).toEqual({ 'wallet 1 USD': '1020 (1020)' });
  tell(books, [aCapture(3, { of: 2, amountMinor: 300n })]);
  expect(standing(books)).toEqual({ 'wallet 1 USD': '714 (714)', 'payable 1 USD': '300', 'fee_income USD': '6' });
  tell(books, [aCapture(4, { of: 2, amountMinor: 700n })]);
  expect(standing(books)).toEqual({ 'payable 1 USD': '1000', 'fee_income USD': '20' });
});

// 10.01 EUR at 0.8 are 12.5125 USD: 12.52 collected, 12.51 in the position, 0.01 rounding; 2 % are 0.25025, so 0.26.
// 3.33 EUR of it are 4.1625 USD: 4.17, 4.16 and 0.01; 2 % are 0.08325, so 0.09.
test('a conversion is captured in parts that add up to the whole', () => {
  const books = emptyBooks();
  const fx = aConversion(1_001n);
  expect(fx).toMatchObject({ fromAmountMinor: 1_278n, markupMinor: 26n, roundingMinor: 1n });
  const inEuro = { amountMinor: 1_001n, currency: 'EUR', sourceCurrency: 'USD', fx };
  tell(books, [aTopUp(1, { amountMinor: 2_000n }), anAuthorize(2, inEuro)]);
  expect(standing(books)).toEqual({ 'wallet 1 USD': '2000 (1278)' });
  tell(books, [aCapture(3, { of: 2, amountMinor: 333n, currency: 'EUR' })]);
  expect(standing(books)).toEqual({
    'wallet 1 USD': '1574 (852)',
    'fx_position USD': '416',
    'fx_rounding USD': '1',
    'fee_income USD': '9',
    'fx_position EUR': '-333',
    'payable 1 EUR': '333',
  });
  tell(books, [aCapture(4, { of: 2, amountMinor: 668n, currency: 'EUR' })]);
  expect(standing(books)).toEqual({
    'wallet 1 USD': '722',
    'fx_position USD': '1251',
    'fx_rounding USD': '1',
    'fee_income USD': '26',
    'fx_position EUR': '-1001',
    'payable 1 EUR': '1001',
  });
});
