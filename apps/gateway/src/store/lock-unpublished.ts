// Takes for one relay the operations that have waited too long to be published, and passes over those another has.
import type { Transaction } from '@paystream/database';
import type { Operation } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';
import { fromTermsText } from '../intake/terms.ts';
import { operationId } from '../operation-id.ts';
import type { RequestedOperation } from '../publish/payment-requested.ts';

interface Row {
  id: string;
  operation: Operation;
  payment_id: string | null;
  merchant_id: string;
  environment: string;
  customer_id: string | null;
  amount_minor: bigint | null;
  currency: string | null;
  terms: string | null;
  merchant_version: bigint;
  traceparent: string | null;
  requested_at_micros: bigint;
}

/** At most `limit` operations requested more than `ageMs` ago, oldest first, locked until the transaction ends. */
export async function lockUnpublished(
  transaction: Transaction,
  { ageMs, limit }: { ageMs: number; limit: number },
): Promise<{ uuid: string; operation: RequestedOperation }[]> {
  const rows = await transaction.query<Row>({
    name: 'lock-unpublished',
    text: `SELECT o.id, o.operation, o.payment_id, o.merchant_id, o.environment, o.customer_id, o.amount_minor,
                  o.currency, o.terms::text AS terms, o.merchant_version, u.traceparent,
                  (extract(epoch FROM o.requested_at) * 1000000)::bigint AS requested_at_micros
             FROM unpublished_operations AS u JOIN operations AS o USING (id)
            WHERE u.requested_at < now() - $1 * interval '1 millisecond'
            ORDER BY u.requested_at LIMIT $2 FOR UPDATE OF u SKIP LOCKED`,
    values: [ageMs, limit],
  });
  return rows.map((row) => ({ uuid: row.id, operation: toRequested(row) }));
}

function toRequested(row: Row): RequestedOperation {
  const id = operationId(row.operation, row.id);
  return {
    id,
    operation: row.operation,
    paymentId: row.payment_id ?? id,
    merchantId: fromUuid('mer', row.merchant_id),
    environment: row.environment,
    customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
    amountMinor: row.amount_minor,
    currency: row.currency,
    terms: fromTermsText(row.terms),
    merchantVersion: row.merchant_version,
    requestedAtMicros: row.requested_at_micros,
    traceparent: row.traceparent,
  };
}
