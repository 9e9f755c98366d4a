// Reads a page of a merchant's operations of a kind by (time, id), from the newest down, on either side of one of them.
import type { Queryable } from '@paystream/database';
import type { OperationRow, StoredOperation } from './stored-operation.ts';
import { OPERATION_COLUMNS, OPERATION_JOINS, toStoredOperation } from './stored-operation.ts';

const OF_NO_PAYMENT = '$3::text IS NULL';

/** Each as the index that serves it says it, whatever plan the server keeps. */
const LISTS = {
  payments: `o.operation IN ('pay', 'authorize') AND ${OF_NO_PAYMENT}`,
  transfers: `o.operation = 'transfer' AND ${OF_NO_PAYMENT}`,
  pay_outs: `o.operation = 'pay_out' AND ${OF_NO_PAYMENT}`,
  refunds: `o.operation = 'refund' AND o.payment_id = $3`,
} as const;

export type OperationList = keyof typeof LISTS;

export interface OperationsPage {
  list: OperationList;
  merchantUuid: string;
  environment: string;
  /** Whose refunds they are; null for the other lists. */
  paymentId: string | null;
  /** Operation next to the page, and the side of it the page is on; null: the newest page. */
  cursor: { uuid: string; side: 'older' | 'newer' } | null;
  limit: number;
}

/** At most `limit`, newest first; undefined when the cursor is none of the list. */
export async function listOperations(
  database: Queryable,
  page: OperationsPage,
): Promise<StoredOperation[] | undefined> {
  const { cursor } = page;
  if (cursor === null) return (await readPage(database, page, null)).map(toStoredOperation);
  const { list, merchantUuid, environment, paymentId } = page;
  const [at] = await database.query<{ requested_at: string }>({
    name: `find-cursor-of-${list}`,
    // As text: a Date has no microseconds.
    text: `SELECT requested_at::text FROM operations AS o
            WHERE ${LISTS[list]} AND merchant_id = $1 AND environment = $2 AND id = $4`,
    values: [merchantUuid, environment, paymentId, cursor.uuid],
  });
  if (at === undefined) return undefined;
  const rows = await readPage(database, page, { requestedAt: at.requested_at, ...cursor });
  return (cursor.side === 'newer' ? rows.toReversed() : rows).map(toStoredOperation);
}

const PAGES = {
  newest: { condition: '', order: 'DESC' },
  older: { condition: 'AND (o.requested_at, o.id) < ($5::timestamptz, $6::uuid)', order: 'DESC' },
  newer: { condition: 'AND (o.requested_at, o.id) > ($5::timestamptz, $6::uuid)', order: 'ASC' },
} as const;

function readPage(
  database: Queryable,
  { list, merchantUuid, environment, paymentId, limit }: OperationsPage,
  at: { requestedAt: string; uuid: string; side: 'older' | 'newer' } | null,
): Promise<OperationRow[]> {
  const side = at?.side ?? 'newest';
  const { condition, order } = PAGES[side];
  return database.query<OperationRow>({
    name: `list-${list}-${side}`,
    text: `SELECT ${OPERATION_COLUMNS} FROM operations AS o ${OPERATION_JOINS}
            WHERE ${LISTS[list]} AND o.merchant_id = $1 AND o.environment = $2 ${condition}
            ORDER BY o.requested_at ${order}, o.id ${order} LIMIT $4`,
    values: [merchantUuid, environment, paymentId, limit, ...(at === null ? [] : [at.requestedAt, at.uuid])],
  });
}
