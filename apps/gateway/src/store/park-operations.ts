// Keeps that operations are parked: those that were accepted here, are not final, and were not known to be parked.
import type { Queryable } from '@paystream/database';
import type { Operation } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';
import { operationId } from '../operation-id.ts';

/** A dead letter that names an operation. */
export interface Parking {
  operationUuid: string;
  deadLetterTopic: string;
  reason: string;
}

export interface ParkedOperation extends Parking {
  /** pay_…, re_…, … */
  id: string;
  operation: Operation;
  paymentId: string;
  environment: string;
  merchantId: string;
  customerId: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  /** Clock of the database, microseconds since the epoch. */
  parkedAtMicros: bigint;
}

interface Row {
  id: string;
  dead_letter_topic: string;
  reason: string;
  operation: Operation;
  payment_id: string | null;
  environment: string;
  merchant_id: string;
  customer_id: string | null;
  amount_minor: bigint | null;
  currency: string | null;
  parked_at_micros: bigint;
}

/** Gives those that are parked by this call. The dead letters are of different operations. */
export async function parkOperations(database: Queryable, parkings: readonly Parking[]): Promise<ParkedOperation[]> {
  if (parkings.length === 0) return [];
  const rows = await database.query<Row>({
    text: `WITH parked AS (
             INSERT INTO parked_operations (operation_id, dead_letter_topic, reason)
             SELECT d.id, d.topic, d.reason
               FROM unnest($1::uuid[], $2::text[], $3::text[]) AS d(id, topic, reason)
               JOIN operations USING (id)
              WHERE NOT EXISTS (SELECT FROM outcomes AS u WHERE u.operation_id = d.id)
              ORDER BY d.id
             ON CONFLICT DO NOTHING
             RETURNING operation_id, dead_letter_topic, reason, parked_at
           )
           SELECT o.id, p.dead_letter_topic, p.reason, o.operation, o.payment_id, o.environment, o.merchant_id,
                  o.customer_id, o.amount_minor, o.currency,
                  (extract(epoch FROM p.parked_at) * 1000000)::bigint AS parked_at_micros
             FROM parked AS p JOIN operations AS o ON o.id = p.operation_id`,
    values: [
      parkings.map(({ operationUuid }) => operationUuid),
      parkings.map(({ deadLetterTopic }) => deadLetterTopic),
      parkings.map(({ reason }) => reason),
    ],
  });
  return rows.map(toParked);
}

function toParked(row: Row): ParkedOperation {
  const id = operationId(row.operation, row.id);
  return {
    ...{ id, operationUuid: row.id, deadLetterTopic: row.dead_letter_topic, reason: row.reason },
    ...{ operation: row.operation, paymentId: row.payment_id ?? id, environment: row.environment },
    merchantId: fromUuid('mer', row.merchant_id),
    customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
    ...{ amountMinor: row.amount_minor, currency: row.currency, parkedAtMicros: row.parked_at_micros },
  };
}
