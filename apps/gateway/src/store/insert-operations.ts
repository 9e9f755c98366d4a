// Stores a group of claims and their outbox rows in one statement; what exists already is left as it is.
import type { Queryable, RowValue } from '@paystream/database';
import { rowsParameter } from '@paystream/database';
import type { Operation } from '@paystream/payments';

export interface NewOperation {
  uuid: string;
  operation: Operation;
  /** Null: its own id. */
  paymentId: string | null;
  merchantUuid: string;
  environment: string;
  customerUuid: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  terms: string | null;
  body: string | null;
  /** The merchant's own id of a refund: one refund of the payment has it. */
  merchantRefundId: string | null;
  merchantVersion: bigint;
  /** Microseconds since the epoch; null: when it is stored. */
  requestedAtMicros: bigint | null;
  fingerprint: Buffer;
  detailsSealed: Buffer | null;
  /** Null: the customer's. */
  detailsKeySealed: Buffer | null;
  traceparent: string | null;
}

export interface InsertedOperations {
  /** Those of the group that were new; a refund is not when another one has its merchant_refund_id. */
  uuids: Set<string>;
  /** When they were stored, by the database's clock, the same for all of a group; microseconds since the epoch. */
  nowMicros: bigint;
}

/**
 * The operations must have different ids and be sorted by them: two groups that share some then wait for each other in
 * one order. When the connection is lost, whether the group was stored is not known.
 */
export async function insertOperations(
  database: Queryable,
  operations: readonly NewOperation[],
): Promise<InsertedOperations> {
  const traceparents = operations.flatMap(({ uuid, traceparent }) =>
    traceparent === null ? [] : [[uuid, traceparent]],
  );
  const rows = await database.query<{ id: string | null; now_micros: bigint }>({
    name: 'insert-operations',
    // Traceparents come as one object: to join what was inserted with what was asked takes the square of a group's size.
    text: `WITH asked AS (
             SELECT a.*
               FROM ROWS FROM (unnest($1::new_operation_row[]), unnest($2::text[]), unnest($3::text[]))
                 AS a(id, operation, payment_id, merchant_id, environment, customer_id, amount_minor, currency,
                      merchant_version, requested_at_micros, fingerprint, details_sealed, details_key_sealed,
                      merchant_refund_id, terms, body)
           ), named AS (
             INSERT INTO merchant_refund_ids (payment_id, merchant_refund_id, operation_id)
             SELECT payment_id, merchant_refund_id, id FROM asked
              WHERE merchant_refund_id IS NOT NULL AND NOT EXISTS (SELECT FROM operations AS o WHERE o.id = asked.id)
              ORDER BY payment_id, merchant_refund_id, id
             ON CONFLICT DO NOTHING
             RETURNING operation_id
           ), inserted AS (
             INSERT INTO operations (id, operation, payment_id, merchant_id, environment, customer_id, amount_minor,
                                     currency, terms, body, merchant_version, fingerprint, details_sealed,
                                     details_key_sealed, requested_at)
             SELECT id, operation, payment_id, merchant_id, environment, customer_id, amount_minor, currency, terms::json,
                    body::json, merchant_version, decode(fingerprint, 'hex'), decode(details_sealed, 'hex'),
                    decode(details_key_sealed, 'hex'),
                    coalesce(to_timestamp(0) + requested_at_micros * interval '1 microsecond', now())
               FROM asked
              WHERE merchant_refund_id IS NULL OR id IN (SELECT operation_id FROM named)
              ORDER BY id
             ON CONFLICT (id) DO NOTHING
             RETURNING id
           ), noted AS (
             INSERT INTO unpublished_operations (id, requested_at, traceparent)
             SELECT id, now(), $4::jsonb ->> id::text FROM inserted
           )
           SELECT id, (extract(epoch FROM now()) * 1000000)::bigint AS now_micros
             FROM (VALUES (1)) AS once LEFT JOIN inserted ON true`,
    values: [
      rowsParameter(operations.map(rowOf)),
      operations.map(({ terms }) => terms),
      operations.map(({ body }) => body),
      JSON.stringify(Object.fromEntries(traceparents)),
    ],
  });
  const uuids = new Set(rows.flatMap(({ id }) => (id === null ? [] : [id])));
  return { uuids, nowMicros: rows[0]?.now_micros ?? 0n };
}

function rowOf(operation: NewOperation): RowValue[] {
  return [
    ...[operation.uuid, operation.operation, operation.paymentId, operation.merchantUuid, operation.environment],
    ...[operation.customerUuid, operation.amountMinor, operation.currency, operation.merchantVersion],
    operation.requestedAtMicros,
    ...[operation.fingerprint, operation.detailsSealed, operation.detailsKeySealed].map(hexOf),
    operation.merchantRefundId,
  ];
}

function hexOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('hex');
}
