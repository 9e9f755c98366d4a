// Shows what velocity rules find of earlier spending, and what of it is forgotten.
import { randomId } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BooksDatabase } from '../testing/books-database.ts';
import { createBooksDatabase } from '../testing/books-database.ts';
import { deleteOldSpends } from './delete-old-spends.ts';
import { insertSpends } from './insert-spends.ts';
import { loadSpends } from './load-spends.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await createBooksDatabase();
});

afterAll(() => books.drop());

const DAY_MICROS = 24n * 3_600n * 1_000_000n;
const NOW = 1_788_256_800_000_000n;

const newSubject = (): string => `test:${randomId('mer')}:${randomId('cus')}`;

function aSpend(subject: string, requestedAt: bigint, index = 0) {
  return { subject, index, spend: { requestedAt, currency: 'USD', amountMinor: 10_99n } };
}

test('each subject sees its own spends after its time, and none at it', async () => {
  const [subject, other, third] = [newSubject(), newSubject(), newSubject()];
  const spends = [
    aSpend(subject, NOW - 2n, 0),
    aSpend(subject, NOW - 1n, 1),
    aSpend(subject, NOW, 2),
    aSpend(subject, NOW, 3),
    aSpend(other, NOW - 5n, 4),
    aSpend(third, NOW, 5),
  ];
  await insertSpends(books.database, { ledgerNumber: 1n, spends });
  const since = new Map([
    [subject, NOW - 2n],
    [other, NOW - 6n],
    [newSubject(), 0n],
  ]);
  expect(await loadSpends(books.database, since)).toEqual(
    new Map([
      [subject, spends.slice(1, 4).map(({ spend }) => spend)],
      [other, spends.slice(4, 5).map(({ spend }) => spend)],
    ]),
  );
});

test('what no window reaches any more is forgotten, of the subjects that spend again only', async () => {
  const [subject, other] = [newSubject(), newSubject()];
  const old = [aSpend(subject, NOW - 32n * DAY_MICROS, 0), aSpend(other, NOW - 32n * DAY_MICROS, 1)];
  const lately = aSpend(subject, NOW - 31n * DAY_MICROS, 2);
  await insertSpends(books.database, { ledgerNumber: 2n, spends: [...old, lately] });
  // Two in one batch: the earlier one decides, as one that comes late may look back from there.
  await deleteOldSpends(books.database, [aSpend(subject, NOW), aSpend(subject, NOW + DAY_MICROS)]);
  const left = await loadSpends(
    books.database,
    new Map([
      [subject, 0n],
      [other, 0n],
    ]),
  );
  expect(left).toEqual(
    new Map([
      [subject, [lately.spend]],
      [other, old.slice(1).map(({ spend }) => spend)],
    ]),
  );
});
