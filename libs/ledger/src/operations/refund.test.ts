// Follows refunds: parts that add up, fees by their policies, rates, disputes in between, and what is refused.
import { expect, test } from 'vitest';
import type { ProcessedOperation } from '../processed-operation.ts';
import {
  aCommand,
  aConversion,
  aFact,
  aFee,
  aPay,
  aPayOut,
  aRefund,
  aTopUp,
  emptyBooks,
  payableId,
  standing,
  tell,
  walletId,
} from '../testing/builders.ts';

const paid = (fee: Partial<ProcessedOperation['fees'][number]>): ProcessedOperation[] => [
  aTopUp(1, { amountMinor: 1_000n }),
  aPay(2, { fees: [aFee(59n, { percentBps: 290, fixedMinor: 30n, ...fee })] }),
  // Merchant and house begin with something, so that a refund of all can be borne.
  aTopUp(3, { amountMinor: 100n }),
  aPay(4, { amountMinor: 100n }),
];

test.each([
  // refund policy, refunds of the payment of 1,000 with a fee of 59, where accounts stand
  ['keep', [1_000n], { 'wallet 1 USD': '1000', 'payable 1 USD': '41', 'fee_income USD': '59' }],
  ['return_all', [1n], { 'wallet 1 USD': '1', 'payable 1 USD': '1099' }],
  // 59 · 333 / 1000 = 19.647; 59 · 666 / 1000 = 39.294; then all of it.
  ['return_proportional', [333n], { 'wallet 1 USD': '333', 'payable 1 USD': '728', 'fee_income USD': '39' }],
  ['return_proportional', [333n, 333n], { 'wallet 1 USD': '666', 'payable 1 USD': '414', 'fee_income USD': '20' }],
  ['return_proportional', [333n, 333n, 334n], { 'wallet 1 USD': '1000', 'payable 1 USD': '100' }],
])('%s: %s', (refundPolicy, amounts, accounts) => {
  const books = emptyBooks();
  tell(books, paid({ refundPolicy }));
  tell(
    books,
    amounts.map((amountMinor, at) => aRefund(10 + at, { of: 2, amountMinor })),
  );
  expect(standing(books)).toEqual(accounts);
});

test('a fee the customer bore goes back to him', () => {
  const books = emptyBooks();
  const fees = [
    aFee(20n, { bearer: 'customer', refundPolicy: 'return_proportional', percentBps: 200, fixedMinor: 0n }),
  ];
  tell(books, [aTopUp(1, { amountMinor: 1_020n }), aPay(2, { fees }), aRefund(3, { of: 2, amountMinor: 500n })]);
  expect(standing(books)).toMatchObject({ 'wallet 1 USD': '510', 'payable 1 USD': '500', 'fee_income USD': '10' });
});

test.each([
  ['more than was captured', [aRefund(5, { of: 2, amountMinor: 1_001n })], ['refund_exceeds_captured, succeeded']],
  [
    'more than is left',
    [aRefund(5, { of: 2, amountMinor: 600n }), aRefund(6, { of: 2, amountMinor: 401n })],
    ['succeeded, partially_refunded', 'refund_exceeds_captured, partially_refunded'],
  ],
  [
    'after all of it',
    [aRefund(5, { of: 2, amountMinor: 1_000n }), aRefund(6, { of: 2, amountMinor: 1n })],
    ['succeeded, refunded', 'refund_exceeds_captured, refunded'],
  ],
  ['of nobody’s payment', [aRefund(5, { of: 99, amountMinor: 1n })], ['refund_exceeds_captured']],
  [
    'what the merchant no longer has',
    [aPayOut(5, { amountMinor: 1_041n }), aRefund(6, { of: 2, amountMinor: 1n })],
    ['admitted, in_transit', 'insufficient_funds, succeeded'],
  ],
  [
    'from a frozen merchant',
    [aCommand(5, 'freeze', { accountId: payableId(1) }), aRefund(6, { of: 2, amountMinor: 1n })],
    ['succeeded', 'account_frozen, succeeded'],
  ],
  [
    'to a frozen customer',
    [aCommand(5, 'freeze', { accountId: walletId(1) }), aRefund(6, { of: 2, amountMinor: 1n })],
    ['succeeded', 'succeeded, partially_refunded'],
  ],
  [
    'while it is disputed, and after it was lost',
    [
      aFact(5, { of: aPay(2).paymentId, type: 'dispute_opened', amountMinor: 10n }),
      aRefund(6, { of: 2, amountMinor: 1n }),
      aFact(7, { of: aPay(2).paymentId, type: 'dispute_lost', amountMinor: 10n }),
      aRefund(8, { of: 2, amountMinor: 1n }),
    ],
    ['succeeded, disputed', 'payment_disputed, disputed', 'succeeded, charged_back', 'payment_disputed, charged_back'],
  ],
])('%s', (_case, operations, words) => {
  const books = emptyBooks();
  tell(books, paid({}));
  expect(tell(books, operations)).toEqual(words);
});

// 10.01 EUR at 0.8: 12.52 USD collected, of which 12.51 in the position and 0.01 rounding, and a markup of 0.26.
const converted = { amountMinor: 1_001n, currency: 'EUR', sourceCurrency: 'USD', fx: aConversion(1_001n) };

test('at the original rate, parts give back every cent that was collected, and the markup stays', () => {
  const books = emptyBooks();
  tell(books, [aTopUp(1, { amountMinor: 1_278n }), aPay(2, converted)]);
  tell(books, [aRefund(3, { of: 2, amountMinor: 400n, currency: 'EUR' })]);
  // ⌊1252 · 400 / 1001⌋ = 500 of which ⌊1251 · 400 / 1001⌋ = 499 from the position.
  expect(standing(books)).toMatchObject({ 'wallet 1 USD': '500', 'fx_position USD': '752', 'payable 1 EUR': '601' });
  tell(books, [aRefund(4, { of: 2, amountMinor: 601n, currency: 'EUR' })]);
  expect(standing(books)).toEqual({ 'wallet 1 USD': '1252', 'fee_income USD': '26' });
});

test('at the current rate, the position bears the difference', () => {
  const books = emptyBooks();
  tell(books, [aTopUp(1, { amountMinor: 1_278n }), aPay(2, converted)]);
  // 4.00 EUR at 1.3333 USD are 5.3332 USD.
  const fx = aConversion(0n, { fromCurrency: 'EUR', toCurrency: 'USD', baseRate: '1.3333', markupBps: 0 });
  const refund = aRefund(3, { of: 2, amountMinor: 400n, currency: 'EUR', refund: { rateChoice: 'current' }, fx });
  expect(tell(books, [refund])).toEqual(['succeeded, partially_refunded']);
  expect(standing(books)).toMatchObject({ 'wallet 1 USD': '533', 'fx_position USD': '718', 'fx_position EUR': '-601' });
  const wrong = { ...fx, toCurrency: 'JPY' };
  expect(
    tell(books, [
      aRefund(4, { of: 2, amountMinor: 1n, currency: 'EUR', refund: { rateChoice: 'current' }, fx: wrong }),
    ]),
  ).toEqual(['ledger_rejected, partially_refunded']);
});
