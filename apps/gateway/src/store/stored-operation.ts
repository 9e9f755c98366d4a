// Says what an accepted operation looks like when it is read back, with its final answer if there is one.
import type { Operation } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';
import type { Terms } from '@paystream/topics';
import { fromTermsText } from '../intake/terms.ts';
import { operationId } from '../operation-id.ts';
import type { StateColumns, StoredState } from './payment-state.ts';
import { STATE_COLUMNS, toStoredState } from './payment-state.ts';

export interface StoredOperation {
  id: string;
  uuid: string;
  operation: Operation;
  paymentId: string;
  environment: string;
  customerId: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  terms: Partial<Terms>;
  /** See `keptBody`. */
  body: string | null;
  fingerprint: Buffer;
  detailsSealed: Buffer | null;
  /** Null when there are no details, or when the customer was erased. */
  detailsKeySealed: Buffer | null;
  requestedAtMicros: bigint;
  /** Frozen at finality; null until then. */
  answer: string | null;
  /** Of the outcome the answer tells. */
  outcomeStatus: string | null;
  settledAtMicros: bigint | null;
  /** A record of it is a dead letter: unless it is final, it waits for an operator. */
  isParked: boolean;
  /** Of a payment or pay-out: what later operations have made of it; null when none has. */
  state: StoredState | null;
}

export interface OperationRow extends StateColumns {
  id: string;
  operation: Operation;
  payment_id: string | null;
  environment: string;
  customer_id: string | null;
  amount_minor: bigint | null;
  currency: string | null;
  terms: string | null;
  body: string | null;
  fingerprint: Buffer;
  details_sealed: Buffer | null;
  key_sealed: Buffer | null;
  requested_at_micros: bigint;
  answer: string | null;
  outcome_status: string | null;
  settled_at_micros: bigint | null;
  is_parked: boolean;
}

/** Columns of OperationRow, for statements over `operations AS o` with the joins below. */
export const OPERATION_COLUMNS = `o.id, o.operation, o.payment_id, o.environment, o.customer_id, o.amount_minor,
  o.currency, o.terms::text AS terms, o.body::text AS body, o.fingerprint, o.details_sealed,
  coalesce(o.details_key_sealed, c.key_sealed) AS key_sealed, u.answer,
  u.status AS outcome_status, (extract(epoch FROM u.settled_at) * 1000000)::bigint AS settled_at_micros, ${STATE_COLUMNS},
  k.operation_id IS NOT NULL AS is_parked,
  (extract(epoch FROM o.requested_at) * 1000000)::bigint AS requested_at_micros`;

export const OPERATION_JOINS = `LEFT JOIN outcomes AS u ON u.operation_id = o.id
  LEFT JOIN payment_states AS s ON s.payment_id = o.id
  LEFT JOIN parked_operations AS k ON k.operation_id = o.id
  LEFT JOIN customers AS c ON c.id = o.customer_id AND o.details_sealed IS NOT NULL`;

export function toStoredOperation(row: OperationRow): StoredOperation {
  const id = operationId(row.operation, row.id);
  return {
    id,
    uuid: row.id,
    operation: row.operation,
    paymentId: row.payment_id ?? id,
    environment: row.environment,
    customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
    amountMinor: row.amount_minor,
    currency: row.currency,
    terms: fromTermsText(row.terms),
    body: row.body,
    fingerprint: row.fingerprint,
    detailsSealed: row.details_sealed,
    detailsKeySealed: row.key_sealed,
    requestedAtMicros: row.requested_at_micros,
    answer: row.answer,
    outcomeStatus: row.outcome_status,
    settledAtMicros: row.settled_at_micros,
    isParked: row.is_parked,
    state: toStoredState(row),
  };
}
