// Shows that a dispute is opened once and ended once, whoever tries.
import { randomId } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BooksDatabase } from '../testing/books-database.ts';
import { createBooksDatabase } from '../testing/books-database.ts';
import { aDispute } from '../testing/payments.ts';
import { loadDisputes } from './load-disputes.ts';
import { upsertDisputes } from './upsert-disputes.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await createBooksDatabase();
});

afterAll(() => books.drop());

test('disputes are read back as they were kept', async () => {
  const disputes = [aDispute(), aDispute({ source: 'suspense', status: 'lost', fromReceivableMinor: 0n })];
  await upsertDisputes(books.database, disputes);
  const ids = disputes.map(({ disputeId }) => disputeId);
  const loaded = await loadDisputes(books.database, [...ids, randomId('dp')]);
  expect(loaded).toEqual(new Map(disputes.map((dispute) => [dispute.disputeId, dispute])));
});

test('an open dispute ends, beside new ones in the same batch', async () => {
  const open = aDispute();
  await upsertDisputes(books.database, [open]);
  const ended = [{ ...open, status: 'won' as const }, aDispute()];
  await upsertDisputes(books.database, ended);
  expect((await loadDisputes(books.database, [open.disputeId])).get(open.disputeId)).toEqual(ended[0]);
});

test.each([
  ['opened again', aDispute(), {}],
  ['ended again', aDispute({ status: 'won' }), { status: 'lost' as const }],
  ['ended for another payment', aDispute(), { status: 'lost' as const, paymentId: randomId('pay') }],
])('a dispute is not %s', async (_case, known, change) => {
  await upsertDisputes(books.database, [known]);
  const writing = upsertDisputes(books.database, [{ ...known, ...change }]);
  // Not the record's fault: it is tried again and not put aside.
  await expect(writing).rejects.toMatchObject({ code: 'dispute_taken', retriable: true });
  expect((await loadDisputes(books.database, [known.disputeId])).get(known.disputeId)).toEqual(known);
});

test('no more comes from the receivable than is set aside', async () => {
  const writing = upsertDisputes(books.database, [aDispute({ fromReceivableMinor: 26_00n })]);
  await expect(writing).rejects.toThrow(/violates check constraint "disputes_amounts"/);
});
