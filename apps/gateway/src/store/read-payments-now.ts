// Reads payments and transfers as they are now, with the clock by which whoever asks is judged.
import type { Queryable } from '@paystream/database';
import type { Operation } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';
import { operationId } from '../operation-id.ts';
import type { Sums } from '../payments/facts.ts';

export interface PaymentNow {
  id: string;
  operation: Operation;
  merchantUuid: string;
  environment: string;
  customerId: string;
  currency: string;
  /** Of the wallet it is paid from; null: the payment's. */
  sourceCurrency: string | null;
  /** `requested` until its first outcome is known. */
  status: string;
  sums: Sums;
}

interface Row {
  now_micros: bigint;
  id: string | null;
  operation: Operation;
  merchant_id: string;
  environment: string;
  customer_id: string;
  currency: string;
  source_currency: string | null;
  status: string;
  authorized_minor: bigint;
  captured_minor: bigint;
  refunded_minor: bigint;
  disputed_minor: bigint;
}

export interface PaymentsNow {
  /** Those that exist, by uuid, whoever's they are. */
  payments: Map<string, PaymentNow>;
  /** Microseconds since the epoch. */
  nowMicros: bigint;
}

/** Of a payment that only one operation made there is no state: its outcome says all. */
export async function readPaymentsNow(database: Queryable, uuids: readonly string[]): Promise<PaymentsNow> {
  const rows = await database.query<Row>({
    name: 'read-payments-now',
    text: `SELECT (extract(epoch FROM now()) * 1000000)::bigint AS now_micros, p.*
             FROM (VALUES (1)) AS once LEFT JOIN (
               SELECT o.id, o.operation, o.merchant_id, o.environment, o.customer_id, o.currency,
                      o.terms->>'sourceCurrency' AS source_currency,
                      coalesce(s.status, u.status, 'requested') AS status,
                      coalesce(s.authorized_minor, paid.minor) AS authorized_minor,
                      coalesce(s.captured_minor, paid.minor) AS captured_minor,
                      coalesce(s.refunded_minor, 0) AS refunded_minor,
                      coalesce(s.disputed_minor, 0) AS disputed_minor
                 FROM operations AS o
                 LEFT JOIN outcomes AS u ON u.operation_id = o.id
                 LEFT JOIN payment_states AS s ON s.payment_id = o.id
                CROSS JOIN LATERAL (SELECT CASE WHEN u.status = 'succeeded' THEN o.amount_minor ELSE 0 END AS minor) AS paid
                WHERE o.id = ANY ($1::uuid[]) AND o.operation IN ('pay', 'authorize', 'transfer')
             ) AS p ON true`,
    values: [uuids],
  });
  const payments = new Map<string, PaymentNow>();
  for (const row of rows) if (row.id !== null) payments.set(row.id, toPayment(row, row.id));
  return { payments, nowMicros: rows[0]?.now_micros ?? 0n };
}

function toPayment(row: Row, uuid: string): PaymentNow {
  return {
    id: operationId(row.operation, uuid),
    operation: row.operation,
    merchantUuid: row.merchant_id,
    environment: row.environment,
    customerId: fromUuid('cus', row.customer_id),
    currency: row.currency,
    sourceCurrency: row.source_currency,
    status: row.status,
    sums: {
      authorizedMinor: row.authorized_minor,
      capturedMinor: row.captured_minor,
      refundedMinor: row.refunded_minor,
      disputedMinor: row.disputed_minor,
    },
  };
}
