// Finds which operations have been decided before: a repeated record changes nothing.
import type { Transaction } from '@paystream/database';
import { operationKey } from '@paystream/ledger';

/** Of these operations, the keys (`operationKey`) of every pass that is decided. */
export async function loadDecided(transaction: Transaction, operationIds: readonly string[]): Promise<Set<string>> {
  const rows = await transaction.query<{ operation_id: string; pass: number }>({
    name: 'load-decided',
    text: 'SELECT operation_id, pass FROM operations WHERE operation_id = ANY($1::text[])',
    values: [operationIds],
  });
  return new Set(rows.map((row) => operationKey({ operationId: row.operation_id, pass: row.pass })));
}
