// Reads a page of a merchant's payments by (time, id), from the newest down, on either side of one of them.
import type { Queryable } from '@paystream/database';
import type { OperationRow, StoredOperation } from './stored-operation.ts';
import { OPERATION_COLUMNS, OPERATION_JOINS, toStoredOperation } from './stored-operation.ts';

export interface PaymentsPage {
  merchantUuid: string;
  environment: string;
  /** Payment next to the page, and the side of it the page is on; null: the newest page. */
  cursor: { uuid: string; side: 'older' | 'newer' } | null;
  limit: number;
}

/** At most `limit` payments, newest first; undefined when the cursor is none of the merchant's payments. */
export async function listPayments(
  database: Queryable,
  { merchantUuid, environment, cursor, limit }: PaymentsPage,
): Promise<StoredOperation[] | undefined> {
  if (cursor === null)
    return (await readPage(database, [merchantUuid, environment, limit], null)).map(toStoredOperation);
  const [at] = await database.query<{ requested_at: string }>({
    name: 'find-payment-cursor',
    // As text: a Date has no microseconds.
    text: `SELECT requested_at::text FROM operations
            WHERE id = $1 AND operation IN ('pay', 'authorize') AND merchant_id = $2 AND environment = $3`,
    values: [cursor.uuid, merchantUuid, environment],
  });
  if (at === undefined) return undefined;
  const values = [merchantUuid, environment, limit, at.requested_at, cursor.uuid];
  const rows = await readPage(database, values, cursor.side);
  return (cursor.side === 'newer' ? rows.toReversed() : rows).map(toStoredOperation);
}

const PAGES = {
  newest: { condition: '', order: 'DESC' },
  older: { condition: 'AND (o.requested_at, o.id) < ($4::timestamptz, $5::uuid)', order: 'DESC' },
  newer: { condition: 'AND (o.requested_at, o.id) > ($4::timestamptz, $5::uuid)', order: 'ASC' },
} as const;

function readPage(database: Queryable, values: unknown[], side: 'older' | 'newer' | null): Promise<OperationRow[]> {
  const { condition, order } = PAGES[side ?? 'newest'];
  return database.query<OperationRow>({
    name: `list-payments-${side ?? 'newest'}`,
    text: `SELECT ${OPERATION_COLUMNS} FROM operations AS o ${OPERATION_JOINS}
            WHERE o.operation IN ('pay', 'authorize') AND o.merchant_id = $1 AND o.environment = $2 ${condition}
            ORDER BY o.requested_at ${order}, o.id ${order} LIMIT $3`,
    values,
  });
}
