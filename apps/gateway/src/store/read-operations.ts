// Reads accepted operations by id, whoever's they are: the ids follow from the merchant's own keys.
import type { Queryable } from '@paystream/database';
import type { OperationRow, StoredOperation } from './stored-operation.ts';
import { OPERATION_COLUMNS, OPERATION_JOINS, toStoredOperation } from './stored-operation.ts';

/** Those that exist, by uuid. */
export async function readOperations(
  database: Queryable,
  uuids: readonly string[],
): Promise<Map<string, StoredOperation>> {
  const rows = await database.query<OperationRow>({
    name: 'read-operations',
    text: `SELECT ${OPERATION_COLUMNS} FROM operations AS o ${OPERATION_JOINS} WHERE o.id = ANY ($1::uuid[])`,
    values: [uuids],
  });
  return new Map(rows.map((row) => [row.id, toStoredOperation(row)]));
}
