// Reads one operation for operators, whoever's it is, with where it stands and the words of its reason.
import type { Queryable } from '@paystream/database';
import type { Operation } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';
import type { Terms } from '@paystream/topics';
import { fromTermsText } from '../intake/terms.ts';
import { operationId } from '../operation-id.ts';

export interface StoredOrder {
  id: string;
  operation: Operation;
  paymentId: string;
  environment: 'test' | 'live';
  merchantId: string;
  merchantUuid: string;
  customerId: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  terms: Partial<Terms>;
  body: string | null;
  fingerprint: Buffer;
  /** Why an operator ordered it; null when none did. */
  reason: string | null;
  requestedAtMicros: bigint;
  /** A record of it is a dead letter: unless it is final, it waits for an operator. */
  isParked: boolean;
  /** Null until it is final, and so are the next three. */
  status: string | null;
  failureCode: string | null;
  settledAtMicros: bigint | null;
  answer: string | null;
}

interface Row {
  id: string;
  operation: Operation;
  payment_id: string | null;
  environment: 'test' | 'live';
  merchant_id: string;
  customer_id: string | null;
  amount_minor: bigint | null;
  currency: string | null;
  terms: string | null;
  body: string | null;
  fingerprint: Buffer;
  reason: string | null;
  requested_at_micros: bigint;
  is_parked: boolean;
  status: string | null;
  failure_code: string | null;
  settled_at_micros: bigint | null;
  answer: string | null;
}

export async function readOrder(database: Queryable, uuid: string): Promise<StoredOrder | undefined> {
  const [row] = await database.query<Row>({
    name: 'read-order',
    text: `SELECT o.id, o.operation, o.payment_id, o.environment, o.merchant_id, o.customer_id, o.amount_minor, o.currency,
                  o.terms::text AS terms, o.body::text AS body, o.fingerprint, a.reason,
                  (extract(epoch FROM o.requested_at) * 1000000)::bigint AS requested_at_micros,
                  EXISTS (SELECT FROM parked_operations AS k WHERE k.operation_id = o.id) AS is_parked,
                  u.status, u.failure_code, (extract(epoch FROM u.settled_at) * 1000000)::bigint AS settled_at_micros,
                  u.answer
             FROM operations AS o
             LEFT JOIN outcomes AS u ON u.operation_id = o.id
             LEFT JOIN operator_actions AS a ON a.id = substr(o.terms #>> '{operator,reasonId}', 5)::uuid
            WHERE o.id = $1`,
    values: [uuid],
  });
  if (row === undefined) return undefined;
  const id = operationId(row.operation, row.id);
  return {
    id,
    operation: row.operation,
    paymentId: row.payment_id ?? id,
    environment: row.environment,
    merchantId: fromUuid('mer', row.merchant_id),
    merchantUuid: row.merchant_id,
    customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
    amountMinor: row.amount_minor,
    currency: row.currency,
    terms: fromTermsText(row.terms),
    body: row.body,
    fingerprint: row.fingerprint,
    reason: row.reason,
    requestedAtMicros: row.requested_at_micros,
    isParked: row.is_parked,
    status: row.status,
    failureCode: row.failure_code,
    settledAtMicros: row.settled_at_micros,
    answer: row.answer,
  };
}
