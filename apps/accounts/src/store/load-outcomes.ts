// Reads how operations that corrections name were decided.
import type { Transaction } from '@paystream/database';
import type { Outcome } from '@paystream/ledger';

/** How each of the operations was decided last, as far as it was and from this partition: what is on its way outside has a second pass. */
export async function loadOutcomes(
  transaction: Transaction,
  { partition, operationIds }: { partition: number; operationIds: readonly string[] },
): Promise<Map<string, Outcome>> {
  if (operationIds.length === 0) return new Map();
  const rows = await transaction.query<{ operation_id: string; outcome: Outcome }>({
    name: 'load-outcomes',
    text: `SELECT DISTINCT ON (operation_id) operation_id, outcome FROM operations
            WHERE operation_id = ANY($1::text[]) AND source_partition = $2
            ORDER BY operation_id, ledger_number DESC, index DESC`,
    values: [operationIds, partition],
  });
  return new Map(rows.map((row) => [row.operation_id, row.outcome]));
}
