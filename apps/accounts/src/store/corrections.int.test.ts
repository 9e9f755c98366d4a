// Shows that an operation is corrected once, and only by what knows how it was decided.
import { randomId } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BooksDatabase } from '../testing/books-database.ts';
import { createBooksDatabase } from '../testing/books-database.ts';
import { insertCorrections } from './insert-corrections.ts';
import { loadCorrected } from './load-corrected.ts';
import { loadOutcomes } from './load-outcomes.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await createBooksDatabase();
});

afterAll(() => books.drop());

test('what was corrected is known, and cannot be corrected again', async () => {
  const [ofOperationId, other] = [randomId('pay'), randomId('pay')];
  await insertCorrections(books.database, [{ ofOperationId, operationId: randomId('cor') }]);
  expect(await loadCorrected(books.database, [ofOperationId, other])).toEqual(new Set([ofOperationId]));
  const again = insertCorrections(books.database, [{ ofOperationId, operationId: randomId('cor') }]);
  await expect(again).rejects.toThrow(/violates unique constraint "corrections_once"/);
});

test('an outcome is that of the last pass, and known to its own partition', async () => {
  const [here, elsewhere, unknown] = [randomId('po'), randomId('pay'), randomId('pay')];
  await books.database.execute({
    text: `INSERT INTO operations (ledger_number, index, operation_id, pass, source_partition, source_offset, operation,
                                   payment_id, outcome)
           SELECT 1, * FROM unnest($1::int[], $2::text[], $3::int[], $4::int[], $1::int[], $5::text[], $2::text[],
                                   $6::text[])`,
    values: [
      [0, 1, 2],
      [here, here, elsewhere],
      [1, 2, 1],
      [0, 0, 1],
      ['pay_out', 'pay_out', 'pay'],
      ['admitted', 'succeeded', 'succeeded'],
    ],
  });
  const outcomes = await loadOutcomes(books.database, { partition: 0, operationIds: [here, elsewhere, unknown] });
  expect(outcomes).toEqual(new Map([[here, 'succeeded']]));
});
