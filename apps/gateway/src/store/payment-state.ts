// Says what the state of a payment or pay-out looks like when it is read.
import type { Sums } from '../payments/facts.ts';
import type { FeeObject, FxObject } from '../payments/money-objects.ts';

/** A place in the books. */
export interface LedgerPlace {
  ledgerNumber: bigint;
  ledgerIndex: number;
}

export interface StoredState extends LedgerPlace {
  status: string;
  sums: Sums;
  fees: readonly FeeObject[];
  fx: FxObject | null;
}

/** All null when there is no state. */
export interface StateColumns {
  state_status: string | null;
  authorized_minor: bigint | null;
  captured_minor: bigint | null;
  refunded_minor: bigint | null;
  disputed_minor: bigint | null;
  fees: FeeObject[] | null;
  fx: FxObject | null;
  ledger_number: bigint | null;
  ledger_index: number | null;
}

/** Columns of StateColumns, for statements that join `payment_states AS s`. */
export const STATE_COLUMNS = `s.status AS state_status, s.authorized_minor, s.captured_minor, s.refunded_minor,
  s.disputed_minor, s.fees, s.fx, s.ledger_number, s.ledger_index`;

export function toStoredState(row: StateColumns): StoredState | null {
  if (row.state_status === null) return null;
  return {
    status: row.state_status,
    sums: {
      authorizedMinor: row.authorized_minor ?? 0n,
      capturedMinor: row.captured_minor ?? 0n,
      refundedMinor: row.refunded_minor ?? 0n,
      disputedMinor: row.disputed_minor ?? 0n,
    },
    fees: row.fees ?? [],
    fx: row.fx,
    ledgerNumber: row.ledger_number ?? 0n,
    ledgerIndex: row.ledger_index ?? 0,
  };
}
