// Finds payments whose hold is past its end by the database's clock and whose expiry nobody has asked for yet.
import type { Queryable } from '@paystream/database';
import { fromUuid } from '@paystream/payments';

export interface EndedHold {
  paymentId: string;
  merchantUuid: string;
  merchantVersion: bigint;
  environment: 'test' | 'live';
  customerId: string;
  currency: string;
}

interface Row {
  id: string;
  merchant_id: string;
  merchant_version: bigint;
  environment: 'test' | 'live';
  customer_id: string;
  currency: string;
}

/** At most `limit`, the longest past first. */
export async function findEndedHolds(database: Queryable, limit: number): Promise<EndedHold[]> {
  const rows = await database.query<Row>({
    name: 'find-ended-holds',
    text: `SELECT o.id, o.merchant_id, o.merchant_version, o.environment, o.customer_id, o.currency
             FROM payment_states AS s JOIN operations AS o ON o.id = s.payment_id
            WHERE s.status IN ('authorized', 'partially_captured') AND s.hold_ends_at <= now()
              AND NOT EXISTS (SELECT FROM operations AS e
                               WHERE e.payment_id = 'pay_' || replace(o.id::text, '-', '') AND e.operation = 'expire')
            ORDER BY s.hold_ends_at LIMIT $1`,
    values: [limit],
  });
  return rows.map((row) => ({
    paymentId: fromUuid('pay', row.id),
    merchantUuid: row.merchant_id,
    merchantVersion: row.merchant_version,
    environment: row.environment,
    customerId: fromUuid('cus', row.customer_id),
    currency: row.currency,
  }));
}
