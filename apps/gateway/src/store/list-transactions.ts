// Reads a page of what happened to a customer's wallets, from the newest place in the books down.
import type { Queryable } from '@paystream/database';
import type { LogPosition } from '../log-cursor.ts';

export interface TransactionRow {
  ledger_number: bigint;
  ledger_index: number;
  currency: string;
  operation_id: string;
  payment_id: string;
  kind: string;
  status: string;
  amount_minor: bigint;
  held_change_minor: bigint;
  method_type: string | null;
  counterparty_id: string | null;
  balance_after_minor: bigint;
  settled_at_micros: bigint;
}

export interface TransactionsPage {
  customerUuid: string;
  /** The page begins below this place; null: the newest page. */
  before: Pick<LogPosition, 'ledgerNumber' | 'ledgerIndex' | 'currency'> | null;
  limit: number;
}

export function listTransactions(
  database: Queryable,
  { customerUuid, before, limit }: TransactionsPage,
): Promise<TransactionRow[]> {
  const below = before === null ? '' : 'AND (ledger_number, ledger_index, currency) < ($3::bigint, $4::int, $5::text)';
  return database.query<TransactionRow>({
    name: before === null ? 'list-transactions-newest' : 'list-transactions-below',
    text: `SELECT ledger_number, ledger_index, currency, operation_id, payment_id, kind, status, amount_minor,
                  held_change_minor, method_type, counterparty_id, balance_after_minor,
                  (extract(epoch FROM settled_at) * 1000000)::bigint AS settled_at_micros
             FROM transactions WHERE customer_id = $1 ${below}
            ORDER BY ledger_number DESC, ledger_index DESC, currency DESC LIMIT $2`,
    values: [
      customerUuid,
      limit,
      ...(before === null ? [] : [before.ledgerNumber, before.ledgerIndex, before.currency]),
    ],
  });
}
