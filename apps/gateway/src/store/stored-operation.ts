// Says what an accepted operation looks like when it is read back, with its final answer if there is one.

export interface StoredOperation {
  uuid: string;
  operation: 'pay' | 'top_up';
  environment: string;
  customerUuid: string;
  amountMinor: bigint;
  currency: string;
  fingerprint: Buffer;
  detailsSealed: Buffer | null;
  /** Null when there are no details, or when the customer was erased. */
  customerKeySealed: Buffer | null;
  requestedAtMicros: bigint;
  /** Frozen at finality; null until then. */
  answer: string | null;
}

export interface OperationRow {
  id: string;
  operation: 'pay' | 'top_up';
  environment: string;
  customer_id: string;
  amount_minor: bigint;
  currency: string;
  fingerprint: Buffer;
  details_sealed: Buffer | null;
  key_sealed: Buffer | null;
  requested_at_micros: bigint;
  answer: string | null;
}

/** Columns of OperationRow, for statements over `operations AS o` with the joins below. */
export const OPERATION_COLUMNS = `o.id, o.operation, o.environment, o.customer_id, o.amount_minor, o.currency,
  o.fingerprint, o.details_sealed, c.key_sealed, u.answer,
  (extract(epoch FROM o.requested_at) * 1000000)::bigint AS requested_at_micros`;

export const OPERATION_JOINS = `LEFT JOIN outcomes AS u ON u.operation_id = o.id
  LEFT JOIN customers AS c ON c.id = o.customer_id AND o.details_sealed IS NOT NULL`;

export function toStoredOperation(row: OperationRow): StoredOperation {
  return {
    uuid: row.id,
    operation: row.operation,
    environment: row.environment,
    customerUuid: row.customer_id,
    amountMinor: row.amount_minor,
    currency: row.currency,
    fingerprint: row.fingerprint,
    detailsSealed: row.details_sealed,
    customerKeySealed: row.key_sealed,
    requestedAtMicros: row.requested_at_micros,
    answer: row.answer,
  };
}
