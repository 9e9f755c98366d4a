// Reads one operation of a merchant; another merchant's is as if it did not exist.
import type { Queryable } from '@paystream/database';
import type { Operation } from '@paystream/payments';
import type { OperationRow, StoredOperation } from './stored-operation.ts';
import { OPERATION_COLUMNS, OPERATION_JOINS, toStoredOperation } from './stored-operation.ts';

export interface OwnOperationKey {
  uuid: string;
  /** One of these. */
  operations: readonly Operation[];
  merchantUuid: string;
  environment: string;
}

export async function readOwnOperation(
  database: Queryable,
  { uuid, operations, merchantUuid, environment }: OwnOperationKey,
): Promise<StoredOperation | undefined> {
  const [row] = await database.query<OperationRow>({
    name: 'read-own-operation',
    text: `SELECT ${OPERATION_COLUMNS} FROM operations AS o ${OPERATION_JOINS}
            WHERE o.id = $1 AND o.operation = ANY ($2::text[]) AND o.merchant_id = $3 AND o.environment = $4`,
    values: [uuid, operations, merchantUuid, environment],
  });
  return row && toStoredOperation(row);
}
