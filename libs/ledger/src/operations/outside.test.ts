// Follows what comes from outside: pay-outs that are paid, fail or return, and disputes won and lost.
import { expect, test } from 'vitest';
import {
  aCommand,
  aFact,
  aFee,
  aPay,
  aPayOut,
  aReport,
  aTopUp,
  customerId,
  emptyBooks,
  payableId,
  runBatch,
  standing,
  tell,
} from '../testing/builders.ts';

const paid = [aTopUp(1), aPay(2)];
const payment = aPay(2).paymentId;
const payOut = aPayOut(3, { amountMinor: 600n, fees: [aFee(10n)] });
const returned = aFact(5, { of: payOut.paymentId, type: 'pay_out_returned', amountMinor: 600n }, { customerId: null });
const freeze = aCommand(9, 'freeze', { accountId: payableId(1) });

test.each([
  // after a pay-out of 600 with a fee of 10 from a payable of 1,000; what is said; where accounts stand
  ['on its way', [], [], { 'payable 1 USD': '390', 'payout_in_transit USD': '600', 'fee_income USD': '10' }],
  [
    'paid, and told twice, in one record and in two',
    [
      aReport(5, payOut, { status: 'paid' }),
      aReport(5, payOut, { status: 'paid' }),
      aReport(6, payOut, { status: 'paid' }),
    ],
    ['succeeded, paid', 'duplicate', 'succeeded, paid'],
    { 'payable 1 USD': '390', 'fee_income USD': '10' },
  ],
  [
    'failed: amount and fee are back',
    [aReport(5, payOut, { status: 'failed' }), aReport(6, payOut, { status: 'failed' })],
    ['processing_error, failed', 'succeeded, failed'],
    { 'payable 1 USD': '1000' },
  ],
  [
    'failed, but its purse is frozen',
    [freeze, aReport(5, payOut, { status: 'failed' })],
    ['succeeded', 'manual_review, manual_review'],
    { 'payable 1 USD': '390', 'suspense USD': '610' },
  ],
  [
    'paid less, and then told rightly',
    [aReport(5, payOut, { status: 'paid', amountMinor: 500n }), aReport(6, payOut, { status: 'paid' })],
    ['manual_review, in_transit', 'succeeded, paid'],
    { 'payable 1 USD': '390', 'fee_income USD': '10', 'suspense USD': '-500' },
  ],
  [
    'paid in another currency, and then told rightly',
    [aReport(5, payOut, { status: 'paid', currency: 'EUR' }), aReport(6, payOut, { status: 'failed' })],
    ['manual_review, in_transit', 'processing_error, failed'],
    { 'payable 1 USD': '1000', 'suspense EUR': '-600' },
  ],
  [
    'failed with another amount, which ends nothing',
    [aReport(5, payOut, { status: 'failed', amountMinor: 500n })],
    ['manual_review, in_transit'],
    { 'payable 1 USD': '390', 'payout_in_transit USD': '600', 'fee_income USD': '10' },
  ],
  [
    'paid, and then said to have failed',
    [aReport(5, payOut, { status: 'paid' }), aReport(6, payOut, { status: 'failed' })],
    ['succeeded, paid', 'manual_review, paid'],
    { 'payable 1 USD': '390', 'fee_income USD': '10' },
  ],
  [
    'failed, and then said to be paid',
    [aReport(5, payOut, { status: 'failed' }), aReport(6, payOut, { status: 'paid' })],
    ['processing_error, failed', 'manual_review, failed'],
    { 'payable 1 USD': '1000', 'suspense USD': '-600' },
  ],
  [
    'paid, and come back',
    [aReport(4, payOut, { status: 'paid' }), returned],
    ['succeeded, paid', 'succeeded, returned'],
    { 'payable 1 USD': '990', 'fee_income USD': '10' },
  ],
  [
    'come back before it was paid',
    [returned],
    ['manual_review, in_transit'],
    {
      'payable 1 USD': '390',
      'payout_in_transit USD': '600',
      'fee_income USD': '10',
      'suspense USD': '600',
    },
  ],
  [
    'a report of no pay-out of ours',
    [
      aReport(5, aPayOut(8, { amountMinor: 5n }), { status: 'paid' }),
      aReport(6, aPayOut(7, { amountMinor: 5n }), { status: 'failed' }),
    ],
    ['manual_review', 'manual_review'],
    {
      ...{ 'payable 1 USD': '390', 'payout_in_transit USD': '600', 'fee_income USD': '10' },
      ...{ 'suspense USD': '-5' },
    },
  ],
])('a pay-out: %s', (_case, operations, words, accounts) => {
  const books = emptyBooks();
  tell(books, [...paid, payOut]);
  expect(tell(books, operations)).toEqual(words);
  expect(standing(books)).toEqual(accounts);
});

test('a pay-out that was declined stays so, whatever is reported of it', () => {
  const books = emptyBooks();
  const tooMuch = aPayOut(3, { amountMinor: 6_000n });
  const told = [tooMuch, aReport(4, tooMuch, { status: 'paid' }), aReport(5, tooMuch, { status: 'failed' })];
  tell(books, paid);
  expect(tell(books, told)).toEqual(['insufficient_funds', 'manual_review', 'manual_review']);
});

test('a report that comes before its pay-out is an operation of its own, and the next one ends the pay-out', () => {
  const books = emptyBooks();
  tell(books, paid);
  const early = [aReport(4, payOut, { status: 'paid' }), payOut, aReport(5, payOut, { status: 'paid' })];
  expect(tell(books, early)).toEqual(['manual_review', 'admitted, in_transit', 'succeeded, paid']);
});

test('a customer is paid out of the wallet, and what he lacks is declined', () => {
  const books = emptyBooks();
  const ofCustomer = { customerId: customerId(1), amountMinor: 700n };
  expect(tell(books, [aTopUp(1), aPayOut(2, ofCustomer), aPayOut(3, ofCustomer)])).toEqual([
    'succeeded',
    'admitted, in_transit',
    'insufficient_funds',
  ]);
});

const opened = aFact(10, { of: payment, type: 'dispute_opened', amountMinor: 800n, feeMinor: 15n });
const won = aFact(11, { of: payment, type: 'dispute_won', amountMinor: 800n });
const lost = aFact(12, { of: payment, type: 'dispute_lost', amountMinor: 800n });
const spent = aPayOut(20, { amountMinor: 900n });

test.each([
  // after a payment of 1,000; what is said; where accounts stand
  ['opened', [opened], ['succeeded, disputed'], { 'payable 1 USD': '185', 'disputed USD': '815' }],
  ['won', [opened, won], ['succeeded, disputed', 'succeeded, succeeded'], { 'payable 1 USD': '1000' }],
  [
    'lost',
    [opened, lost, won],
    ['succeeded, disputed', 'succeeded, charged_back', 'manual_review, charged_back'],
    {
      ...{ 'payable 1 USD': '185', 'wallet 1 USD': '800', 'fee_income USD': '15' },
      ...{ 'provider_clearing/sandbox USD': '-800', 'suspense USD': '800' },
    },
  ],
  [
    'opened when the merchant has spent the money: he owes it',
    [spent, opened],
    ['admitted, in_transit', 'succeeded, disputed'],
    { 'payout_in_transit USD': '900', 'receivable 1 USD': '-715', 'disputed USD': '815' },
  ],
  [
    'won then: what he owed is settled first',
    [spent, opened, won],
    ['admitted, in_transit', 'succeeded, disputed', 'succeeded, succeeded'],
    { 'payout_in_transit USD': '900', 'payable 1 USD': '100' },
  ],
  [
    'lost then, and what he owes is taken from his next pay-out',
    [
      spent,
      opened,
      lost,
      aTopUp(21, { amountMinor: 200n }),
      aPay(22),
      aPayOut(23, { amountMinor: 286n }),
      aPayOut(24, { amountMinor: 285n }),
    ],
    [
      ...[
        'admitted, in_transit',
        'succeeded, disputed',
        'succeeded, charged_back',
        'succeeded',
        'succeeded, succeeded',
      ],
      ...['insufficient_funds', 'admitted, in_transit'],
    ],
    { 'payout_in_transit USD': '1185', 'fee_income USD': '15' },
  ],
  [
    'twice on one payment, up to what was captured',
    [
      opened,
      aFact(13, { of: payment, type: 'dispute_opened', amountMinor: 201n, disputeId: `dp_${'2'.repeat(32)}` }),
      aFact(14, { of: payment, type: 'dispute_opened', amountMinor: 100n, disputeId: `dp_${'3'.repeat(32)}` }),
      won,
      aFact(15, { of: payment, type: 'dispute_lost', amountMinor: 100n, disputeId: `dp_${'3'.repeat(32)}` }),
    ],
    [
      'succeeded, disputed',
      'manual_review, disputed',
      'succeeded, disputed',
      'succeeded, disputed',
      'succeeded, charged_back',
    ],
    { 'payable 1 USD': '900', 'wallet 1 USD': '100', 'disputed USD': '201', 'suspense USD': '-201' },
  ],
  [
    'opened again under the same id',
    [opened, aFact(16, { of: payment, type: 'dispute_opened', amountMinor: 800n })],
    ['succeeded, disputed', 'manual_review, disputed'],
    { 'payable 1 USD': '185', 'disputed USD': '815' },
  ],
  [
    'lost for another amount',
    [opened, aFact(17, { of: payment, type: 'dispute_lost', amountMinor: 700n })],
    ['succeeded, disputed', 'manual_review, succeeded'],
    { 'payable 1 USD': '185', 'suspense USD': '815' },
  ],
  [
    'lost, but the customer is frozen',
    [opened, aCommand(18, 'freeze'), lost],
    ['succeeded, disputed', 'succeeded', 'manual_review, charged_back'],
    { 'payable 1 USD': '185', 'suspense USD': '800', 'fee_income USD': '15' },
  ],
  [
    'of nobody’s payment, then lost',
    [
      aFact(10, { of: aPay(99).paymentId, type: 'dispute_opened', amountMinor: 30n, feeMinor: 5n }),
      aFact(12, { of: aPay(99).paymentId, type: 'dispute_lost', amountMinor: 30n }),
    ],
    ['manual_review', 'succeeded'],
    { 'payable 1 USD': '1000', 'suspense USD': '-35', 'provider_clearing/sandbox USD': '35' },
  ],
])('a dispute: %s', (_case, operations, words, accounts) => {
  const books = emptyBooks();
  tell(books, paid);
  expect(tell(books, operations)).toEqual(words);
  expect(standing(books)).toEqual(accounts);
});

const declined = aReport(4, payOut, { status: 'failed' });
test.each([
  ['a report of another amount than its record’s', { ...declined, amountMinor: 599n }],
  ['a report in another currency than its record’s', { ...declined, currency: 'EUR' }],
  ['a report as the second pass of its pay-out', { ...declined, pass: 2 }],
  ['a failure whose code is none', { ...declined, failure: declined.failure && { ...declined.failure, code: 'a\0b' } }],
  ['a return of another amount than its record’s', { ...returned, amountMinor: 599n }],
])('%s is poison', (_case, record) => {
  expect(runBatch(emptyBooks(), [record]).decisions).toMatchObject([{ kind: 'rejected' }]);
});

test('a dispute that names no payer is poison: nobody knows in which partition its payment lies', () => {
  const nobodys = aFact(10, { of: payment, type: 'dispute_opened' }, { customerId: null });
  expect(runBatch(emptyBooks(), [nobodys]).decisions).toEqual([{ kind: 'rejected', reason: 'it names no payer' }]);
});
