// Shows balances and transactions as HTTP has them.
import { isoMicros } from '../iso-micros.ts';
import { toCursor } from '../log-cursor.ts';
import { cutPage } from '../paging.ts';
import type { TransactionRow } from '../store/list-transactions.ts';
import type { BalanceRow } from '../store/read-balances.ts';

export function showBalances(rows: readonly BalanceRow[]): object {
  return {
    data: rows.map(({ currency, posted_minor, held_minor, version, updated_at_micros }) => ({
      currency,
      posted: posted_minor,
      held: held_minor,
      available: posted_minor - held_minor,
      version,
      updated_at: isoMicros(updated_at_micros),
    })),
  };
}

/** A page of at most `limit`; a row beyond says that there are more. */
export function showTransactions(rows: readonly TransactionRow[], limit: number): object {
  const { shown, ending } = cutPage(rows, limit, cursorOf);
  return { data: shown.map(showTransaction), ...ending };
}

function cursorOf({ ledger_number: ledgerNumber, ledger_index: ledgerIndex, currency }: TransactionRow): string {
  return toCursor({ ledgerNumber, ledgerIndex, accountKind: 'wallet', currency });
}

function showTransaction(row: TransactionRow): object {
  return {
    operation: row.operation_id,
    payment: row.payment_id,
    kind: row.kind,
    status: row.status,
    amount: row.amount_minor,
    held_change: row.held_change_minor,
    currency: row.currency,
    payment_method: row.method_type,
    counterparty: row.counterparty_id,
    balance_after: row.balance_after_minor,
    created_at: isoMicros(row.settled_at_micros),
  };
}
