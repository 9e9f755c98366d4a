// Says what a dispute looks like when it is read.
import { fromUuid } from '@paystream/payments';

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

export interface DisputeRow {
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

/** Columns of DisputeRow, of `disputes`. */
export const DISPUTE_COLUMNS = `id, payment_id, merchant_id, environment, customer_id, status, amount_minor, fee_minor, currency,
  network_reason_code, ledger_number, ledger_index,
  (extract(epoch FROM due_by) * 1000000)::bigint AS due_by_micros,
  (extract(epoch FROM opened_at) * 1000000)::bigint AS opened_at_micros,
  (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at_micros`;

export function toStoredDispute(row: DisputeRow): StoredDispute {
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
