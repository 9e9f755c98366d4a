// Reads where payments stand, once the accounts are locked that their operations are about.
import type { Transaction } from '@paystream/database';
import type { Payment, PaymentTerms } from '@paystream/ledger';

interface Row {
  payment_id: string;
  status: string;
  authorized: bigint;
  captured: bigint;
  capture_pending: bigint;
  refunded: bigint;
  refund_pending: bigint;
  disputed: bigint;
  lost: bigint;
}

/** The payments whose terms were read, as they stand now, by payment id. One whose terms were not is left out: its accounts are not locked. */
export async function loadPayments(
  transaction: Transaction,
  terms: ReadonlyMap<string, PaymentTerms>,
): Promise<Map<string, Payment>> {
  if (terms.size === 0) return new Map();
  const rows = await transaction.query<Row>({
    name: 'load-payments',
    text: `SELECT payment_id, status, authorized, captured, capture_pending, refunded, refund_pending, disputed, lost
             FROM payments WHERE payment_id = ANY($1::text[])`,
    values: [[...terms.keys()]],
  });
  const payments = rows.flatMap((row): [string, Payment][] => {
    const found = terms.get(row.payment_id);
    return found === undefined ? [] : [[row.payment_id, { ...found, ...standOf(row) }]];
  });
  return new Map(payments);
}

function standOf(row: Row): Omit<Payment, keyof PaymentTerms> {
  return {
    status: row.status,
    authorizedMinor: row.authorized,
    capturedMinor: row.captured,
    capturePendingMinor: row.capture_pending,
    refundedMinor: row.refunded,
    refundPendingMinor: row.refund_pending,
    disputedMinor: row.disputed,
    lostMinor: row.lost,
  };
}
