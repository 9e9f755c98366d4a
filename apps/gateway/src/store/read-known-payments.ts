// Reads of payments and pay-outs of ours what their first operation took, and their state.
import type { Transaction } from '@paystream/database';
import type { FeeObject, FxObject } from '../payments/money-objects.ts';
import type { KnownPayment } from '../status/payment-states.ts';
import type { StateColumns } from './payment-state.ts';
import { STATE_COLUMNS, toStoredState } from './payment-state.ts';

interface Row extends StateColumns {
  id: string;
  first_fees: FeeObject[] | null;
  first_fx: FxObject | null;
}

/** Those that exist, by uuid. */
export async function readKnownPayments(
  transaction: Transaction,
  uuids: readonly string[],
): Promise<Map<string, KnownPayment>> {
  const rows = await transaction.query<Row>({
    name: 'read-known-payments',
    text: `SELECT o.id, u.answer::json->'fees' AS first_fees, u.answer::json->'fx' AS first_fx, ${STATE_COLUMNS}
             FROM operations AS o LEFT JOIN outcomes AS u ON u.operation_id = o.id
             LEFT JOIN payment_states AS s ON s.payment_id = o.id
            WHERE o.id = ANY ($1::uuid[])`,
    values: [uuids],
  });
  return new Map(
    rows.map((row) => [row.id, { firstFees: row.first_fees ?? [], firstFx: row.first_fx, state: toStoredState(row) }]),
  );
}
