// Keeps which operation was corrected by which, for good.
import type { Transaction } from '@paystream/database';
import type { FoldedBatch } from '@paystream/ledger';

/**
 * Inserts the batch's corrections.
 * @throws a constraint error when one of the operations was corrected before
 */
export async function insertCorrections(
  transaction: Transaction,
  corrections: FoldedBatch['corrections'],
): Promise<void> {
  if (corrections.length === 0) return;
  await transaction.execute({
    name: 'insert-corrections',
    text: `INSERT INTO corrections (of_operation_id, operation_id) SELECT * FROM unnest($1::text[], $2::text[])`,
    values: [
      corrections.map((correction) => correction.ofOperationId),
      corrections.map((correction) => correction.operationId),
    ],
  });
}
