// Reads one operation of a merchant; another merchant's is as if it did not exist.
import type { Queryable } from '@paystream/database';
import type { OperationRow, StoredOperation } from './stored-operation.ts';
import { OPERATION_COLUMNS, OPERATION_JOINS, toStoredOperation } from './stored-operation.ts';

export interface OwnOperationKey {
  uuid: string;
  operation: 'pay' | 'top_up';
  merchantUuid: string;
  environment: string;
}

export async function readOwnOperation(
  database: Queryable,
  { uuid, operation, merchantUuid, environment }: OwnOperationKey,
): Promise<StoredOperation | undefined> {
  const [row] = await database.query<OperationRow>({
    name: 'read-own-operation',
    text: `SELECT ${OPERATION_COLUMNS} FROM operations AS o ${OPERATION_JOINS}
            WHERE o.id = $1 AND o.operation = $2 AND o.merchant_id = $3 AND o.environment = $4`,
    values: [uuid, operation, merchantUuid, environment],
  });
  return row && toStoredOperation(row);
}
