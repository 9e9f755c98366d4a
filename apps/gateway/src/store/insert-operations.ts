// Stores a group of claims and their outbox rows in one statement; a claim that exists already is left as it is.
import type { Queryable } from '@paystream/database';

export interface NewOperation {
  uuid: string;
  operation: 'pay' | 'top_up';
  merchantUuid: string;
  environment: string;
  customerUuid: string;
  amountMinor: bigint;
  currency: string;
  merchantVersion: bigint;
  fingerprint: Buffer;
  detailsSealed: Buffer | null;
  traceparent: string | null;
}

export interface InsertedOperations {
  /** Those of the group that were new. */
  uuids: Set<string>;
  /** Clock of the database, the same for all of a group; microseconds since the epoch. */
  requestedAtMicros: bigint;
}

/**
 * The operations must have different ids and be sorted by them: two groups that share some then wait for each other in
 * one order. When the connection is lost, whether the group was stored is not known.
 */
export async function insertOperations(
  database: Queryable,
  operations: readonly NewOperation[],
): Promise<InsertedOperations> {
  const column = <T>(pick: (operation: NewOperation) => T): T[] => operations.map(pick);
  const rows = await database.query<{ id: string | null; now_micros: bigint }>({
    name: 'insert-operations',
    text: `WITH asked AS (
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::bigint[], $7::text[],
                                  $8::bigint[], $9::bytea[], $10::bytea[], $11::text[])
               AS a(id, operation, merchant_id, environment, customer_id, amount_minor, currency,
                    merchant_version, fingerprint, details_sealed, traceparent)
           ), inserted AS (
             INSERT INTO operations (id, operation, merchant_id, environment, customer_id, amount_minor, currency,
                                     merchant_version, fingerprint, details_sealed, requested_at)
             SELECT id, operation, merchant_id, environment, customer_id, amount_minor, currency,
                    merchant_version, fingerprint, details_sealed, now()
               FROM asked ORDER BY id
             ON CONFLICT (id) DO NOTHING
             RETURNING id
           ), noted AS (
             INSERT INTO unpublished_operations (id, requested_at, traceparent)
             SELECT id, now(), traceparent FROM inserted JOIN asked USING (id)
           )
           SELECT id, (extract(epoch FROM now()) * 1000000)::bigint AS now_micros
             FROM (VALUES (1)) AS once LEFT JOIN inserted ON true`,
    values: [
      column(({ uuid }) => uuid),
      column(({ operation }) => operation),
      column(({ merchantUuid }) => merchantUuid),
      column(({ environment }) => environment),
      column(({ customerUuid }) => customerUuid),
      column(({ amountMinor }) => amountMinor),
      column(({ currency }) => currency),
      column(({ merchantVersion }) => merchantVersion),
      column(({ fingerprint }) => fingerprint),
      column(({ detailsSealed }) => detailsSealed),
      column(({ traceparent }) => traceparent),
    ],
  });
  const uuids = new Set(rows.flatMap(({ id }) => (id === null ? [] : [id])));
  return { uuids, requestedAtMicros: rows[0]?.now_micros ?? 0n };
}
