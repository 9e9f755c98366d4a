// Shows that payments are read back as they were kept, to the last digit, and that the database bounds their sums.
import type { Payment } from '@paystream/ledger';
import { compareIds } from '@paystream/ledger';
import { randomId } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BooksDatabase } from '../testing/books-database.ts';
import { createBooksDatabase } from '../testing/books-database.ts';
import { aPayment } from '../testing/payments.ts';
import { paymentsPart } from './insert-payments.ts';
import { runPart } from './save-part.ts';
import { loadPaymentTerms } from './load-payment-terms.ts';
import { loadPayments } from './load-payments.ts';
import { updatePayments } from './update-payments.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await createBooksDatabase();
});

afterAll(() => books.drop());

async function load(paymentIds: readonly string[]): Promise<Payment[]> {
  const payments = await loadPayments(books.database, await loadPaymentTerms(books.database, paymentIds));
  return [...payments.values()].toSorted((a, b) => compareIds(a.paymentId, b.paymentId));
}

test('payments are read back exactly, with and without fees, conversion and expiry', async () => {
  const payments = [
    aPayment(),
    aPayment({ fees: [], fx: null, expiresAt: null }),
    aPayment({ kind: 'pay_out', paymentId: randomId('po'), customerId: null, fx: null, status: 'in_transit' }),
  ].toSorted((a, b) => compareIds(a.paymentId, b.paymentId));
  await runPart(books.database, paymentsPart, payments);
  expect(await load([...payments.map(({ paymentId }) => paymentId), randomId('pay')])).toEqual(payments);
});

test.each([
  ['a conversion', aPayment()],
  ['none', aPayment({ fx: null })],
])('one payment alone, with %s', async (_case, payment) => {
  await runPart(books.database, paymentsPart, [payment]);
  expect(await load([payment.paymentId])).toEqual([payment]);
});

test('a payment that changed has its new status and sums, and the terms it had', async () => {
  const before = aPayment();
  const untouched = aPayment();
  const after = {
    ...before,
    status: 'disputed',
    capturedMinor: 9_00n,
    capturePendingMinor: 1_00n,
    refundedMinor: 2_00n,
    refundPendingMinor: 1_50n,
    disputedMinor: 5_50n,
    lostMinor: 5_00n,
  };
  await runPart(books.database, paymentsPart, [before, untouched]);
  await updatePayments(books.database, [{ ...after, amountMinor: 1n, fees: [] }]);
  expect(await load([before.paymentId])).toEqual([after]);
  expect(await load([untouched.paymentId])).toEqual([untouched]);
});

test('a payment without a row is not changed in silence', async () => {
  await expect(updatePayments(books.database, [aPayment()])).rejects.toThrow('1 payments to change have no row');
});

test('a payment whose terms were not read is not there: its accounts would not be locked', async () => {
  const payment = aPayment();
  await runPart(books.database, paymentsPart, [payment]);
  expect(await loadPayments(books.database, new Map())).toEqual(new Map());
});

test.each<[string, Partial<Payment>, boolean]>([
  ['captured more than authorized', { capturedMinor: 6_00n, capturePendingMinor: 5_00n }, false],
  ['captured all', { capturedMinor: 6_00n, capturePendingMinor: 4_99n }, true],
  [
    'gone back more than captured',
    { capturedMinor: 5n, refundedMinor: 2n, refundPendingMinor: 2n, disputedMinor: 2n },
    false,
  ],
  ['gone back in full', { capturedMinor: 5n, refundedMinor: 2n, refundPendingMinor: 2n, disputedMinor: 1n }, true],
  ['lost more than disputed', { capturedMinor: 5n, disputedMinor: 1n, lostMinor: 2n }, false],
  ['a sum below zero', { capturedMinor: -1n }, false],
])('the database stands behind the fold: %s', async (_case, sums, isAllowed) => {
  const payment = aPayment();
  await runPart(books.database, paymentsPart, [payment]);
  const writing = updatePayments(books.database, [{ ...payment, ...sums }]);
  if (isAllowed) await expect(writing).resolves.toBeUndefined();
  else await expect(writing).rejects.toThrow(/violates check constraint "payments_/);
});
