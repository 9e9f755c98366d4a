// Stores disputes as the ledger settled them, and reads a merchant's own.
import type { Queryable, Transaction } from '@paystream/database';
import { fromUuid, toUuid } from '@paystream/payments';

export type DisputeStatus = 'needs_response' | 'under_review' | 'won' | 'lost' | 'manual_review';

export interface StoredDispute {
  uuid: string;
  paymentId: string;
  merchantId: string;
  environment: string;
  customerId: string | null;
  status: DisputeStatus;
  amountMinor: bigint | null;
  feeMinor: bigint | null;
  currency: string | null;
  networkReasonCode: string | null;
  dueByMicros: bigint | null;
  openedAtMicros: bigint;
  updatedAtMicros: bigint;
  ledgerNumber: bigint;
  ledgerIndex: number;
}

interface Row {
  id: string;
  payment_id: string;
  merchant_id: string;
  environment: string;
  customer_id: string | null;
  status: DisputeStatus;
  amount_minor: bigint | null;
  fee_minor: bigint | null;
  currency: string | null;
  network_reason_code: string | null;
  due_by_micros: bigint | null;
  opened_at_micros: bigint;
  updated_at_micros: bigint;
  ledger_number: bigint;
  ledger_index: number;
}

const COLUMNS = `id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor, currency,
  network_reason_code, ledger_number, ledger_index,
  (extract(epoch FROM due_by) * 1000000)::bigint AS due_by_micros,
  (extract(epoch FROM opened_at) * 1000000)::bigint AS opened_at_micros,
  (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at_micros`;

/** Those that exist, by uuid, locked against evidence that comes meanwhile. */
export async function lockDisputes(
  transaction: Transaction,
  uuids: readonly string[],
): Promise<Map<string, StoredDispute>> {
  const rows = await transaction.query<Row>({
    name: 'lock-disputes',
    text: `SELECT ${COLUMNS} FROM disputes WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [uuids],
  });
  return new Map(rows.map((row) => [row.id, toStoredDispute(row)]));
}

export async function upsertDisputes(transaction: Transaction, disputes: readonly StoredDispute[]): Promise<void> {
  if (disputes.length === 0) return;
  await transaction.execute({
    name: 'upsert-disputes',
    text: `INSERT INTO disputes (id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor,
                                 currency, network_reason_code, due_by, opened_at, updated_at, ledger_number, ledger_index)
           SELECT id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor, currency,
                  network_reason_code, to_timestamp(0) + due_by * interval '1 microsecond',
                  to_timestamp(0) + opened_at * interval '1 microsecond',
                  to_timestamp(0) + updated_at * interval '1 microsecond', ledger_number, ledger_index
             FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::bigint[],
                         $8::bigint[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[],
                         $14::bigint[], $15::integer[])
               AS n(id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor, currency,
                    network_reason_code, due_by, opened_at, updated_at, ledger_number, ledger_index)
            ORDER BY id
           ON CONFLICT (id) DO UPDATE
              SET status = excluded.status, updated_at = excluded.updated_at,
                  ledger_number = excluded.ledger_number, ledger_index = excluded.ledger_index`,
    values: [
      disputes.map(({ uuid }) => uuid),
      disputes.map(({ paymentId }) => paymentId),
      disputes.map(({ merchantId }) => toUuid(merchantId)),
      disputes.map(({ environment }) => environment),
      disputes.map(({ customerId }) => customerId && toUuid(customerId)),
      disputes.map(({ status }) => status),
      disputes.map(({ amountMinor }) => amountMinor),
      disputes.map(({ feeMinor }) => feeMinor),
      disputes.map(({ currency }) => currency),
      disputes.map(({ networkReasonCode }) => networkReasonCode),
      disputes.map(({ dueByMicros }) => dueByMicros),
      disputes.map(({ openedAtMicros }) => openedAtMicros),
      disputes.map(({ updatedAtMicros }) => updatedAtMicros),
      disputes.map(({ ledgerNumber }) => ledgerNumber),
      disputes.map(({ ledgerIndex }) => ledgerIndex),
    ],
  });
}

export interface DisputeOwner {
  merchantUuid: string;
  environment: string;
}

/** Undefined when there is none, or when it is another merchant's. */
export async function readOwnDispute(
  database: Queryable,
  uuid: string,
  { merchantUuid, environment }: DisputeOwner,
): Promise<StoredDispute | undefined> {
  const [row] = await database.query<Row>({
    name: 'read-own-dispute',
    text: `SELECT ${COLUMNS} FROM disputes WHERE id = $1 AND merchant_id = $2 AND environment = $3`,
    values: [uuid, merchantUuid, environment],
  });
  return row && toStoredDispute(row);
}

/** The newest first, at most `limit`, those opened before the one named. */
export async function listDisputes(
  database: Queryable,
  { merchantUuid, environment }: DisputeOwner,
  { beforeUuid, limit }: { beforeUuid: string | null; limit: number },
): Promise<StoredDispute[]> {
  const rows = await database.query<Row>({
    name: 'list-disputes',
    text: `SELECT ${COLUMNS} FROM disputes AS d WHERE merchant_id = $1 AND environment = $2
              AND ($3::uuid IS NULL OR (opened_at, id) < (SELECT opened_at, id FROM disputes WHERE id = $3))
            ORDER BY d.opened_at DESC, id DESC LIMIT $4`,
    values: [merchantUuid, environment, beforeUuid, limit],
  });
  return rows.map(toStoredDispute);
}

function toStoredDispute(row: Row): StoredDispute {
  return {
    uuid: row.id,
    paymentId: row.payment_id,
    merchantId: fromUuid('mer', row.merchant_id),
    environment: row.environment,
    customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
    status: row.status,
    amountMinor: row.amount_minor,
    feeMinor: row.fee_minor,
    currency: row.currency,
    networkReasonCode: row.network_reason_code,
    dueByMicros: row.due_by_micros,
    openedAtMicros: row.opened_at_micros,
    updatedAtMicros: row.updated_at_micros,
    ledgerNumber: row.ledger_number,
    ledgerIndex: row.ledger_index,
  };
}
