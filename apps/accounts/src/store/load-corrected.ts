// Reads which operations were corrected before: a second correction of the same one is declined.
import type { Transaction } from '@paystream/database';

/** Those of the operations that were corrected. */
export async function loadCorrected(transaction: Transaction, operationIds: readonly string[]): Promise<Set<string>> {
  if (operationIds.length === 0) return new Set();
  const rows = await transaction.query<{ of_operation_id: string }>({
    name: 'load-corrected',
    text: 'SELECT of_operation_id FROM corrections WHERE of_operation_id = ANY($1::text[])',
    values: [operationIds],
  });
  return new Set(rows.map((row) => row.of_operation_id));
}
