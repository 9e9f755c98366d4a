// Follows transfers between customers: all legs or none, with what the merchant and the house take.
import { expect, test } from 'vitest';
import {
  aCommand,
  aFee,
  aTopUp,
  aTransfer,
  customerId,
  emptyBooks,
  standing,
  tell,
  walletId,
} from '../testing/builders.ts';

const legsOf = (platformFeeMinor: bigint | null, ...payees: [number, bigint][]) => ({
  legs: payees.map(([payee, amountMinor]) => ({ payeeCustomerId: customerId(payee), amountMinor })),
  platformFeeMinor,
});

test.each([
  ['to one', aTransfer(2, [[2, 300n]]), 'succeeded', { 'wallet 1 USD': '700', 'wallet 2 USD': '300' }],
  [
    'to two, and twice to one of them',
    aTransfer(2, [
      [2, 300n],
      [3, 100n],
      [2, 50n],
    ]),
    'succeeded',
    { 'wallet 1 USD': '550', 'wallet 2 USD': '350', 'wallet 3 USD': '100' },
  ],
  [
    'with fees: the platform’s and one of the payer’s',
    aTransfer(2, [[2, 900n]], { transfer: legsOf(50n, [2, 900n]), fees: [aFee(20n, { bearer: 'customer' })] }),
    'succeeded',
    { 'wallet 1 USD': '30', 'wallet 2 USD': '900', 'payable 1 USD': '50', 'fee_income USD': '20' },
  ],
  [
    'with a fee of the merchant’s out of the platform fee',
    aTransfer(2, [[2, 900n]], { transfer: legsOf(50n, [2, 900n]), fees: [aFee(20n)] }),
    'succeeded',
    { 'wallet 1 USD': '50', 'wallet 2 USD': '900', 'payable 1 USD': '30', 'fee_income USD': '20' },
  ],
  [
    'for a fee that the merchant lacks',
    aTransfer(2, [[2, 900n]], { fees: [aFee(20n)] }),
    'insufficient_funds',
    { 'wallet 1 USD': '1000' },
  ],
  [
    'for a fee that the payer lacks',
    aTransfer(2, [[2, 990n]], { fees: [aFee(20n, { bearer: 'customer' })] }),
    'insufficient_funds',
    { 'wallet 1 USD': '1000' },
  ],
  ['to himself', aTransfer(2, [[1, 5n]]), 'the payer is among the payees', { 'wallet 1 USD': '1000' }],
  ['of nothing', aTransfer(2, [[2, 0n]]), 'its amount is not above zero', { 'wallet 1 USD': '1000' }],
  [
    'with a leg of nothing',
    aTransfer(2, [
      [2, 5n],
      [3, 0n],
    ]),
    'it has no legs, or one of nothing',
    { 'wallet 1 USD': '1000' },
  ],
  [
    'that does not add up',
    aTransfer(2, [[2, 5n]], { amountMinor: 6n }),
    'its legs do not add up',
    { 'wallet 1 USD': '1000' },
  ],
])('%s', (_case, transfer, word, accounts) => {
  const books = emptyBooks();
  tell(books, [aTopUp(1)]);
  expect(tell(books, [transfer])).toEqual([word]);
  expect(standing(books)).toEqual(accounts);
});

test('one payee who cannot receive stops all of it; one who is frozen does not', () => {
  const books = emptyBooks();
  const ofCustomer2 = { customerId: customerId(2) };
  tell(books, [aTopUp(1), aTopUp(2, ofCustomer2)]);
  const freeze = { ...aCommand(3, 'freeze', { accountId: walletId(2) }), ...ofCustomer2 };
  expect(tell(books, [freeze, aTransfer(4, [[2, 10n]])])).toEqual(['succeeded', 'succeeded']);
  const close = { ...aCommand(5, 'close', { accountId: walletId(3) }), customerId: customerId(3) };
  expect(
    tell(books, [
      close,
      aTransfer(6, [
        [2, 10n],
        [3, 10n],
      ]),
    ]),
  ).toEqual(['succeeded', 'account_closed_or_invalid']);
  expect(standing(books)).toMatchObject({ 'wallet 1 USD': '990', 'wallet 2 USD': '1010' });
});
