// Reads a page of what happened to a merchant's balances, from the newest place in the books down.
import type { Queryable } from '@paystream/database';
import type { LogPosition } from '../log-cursor.ts';

export interface MerchantTransactionRow {
  ledger_number: bigint;
  ledger_index: number;
  account_kind: string;
  currency: string;
  operation_id: string;
  payment_id: string;
  kind: string;
  gross_minor: bigint;
  fee_minor: bigint;
  net_minor: bigint;
  balance_after_minor: bigint;
  settled_at_micros: bigint;
}

export interface MerchantTransactionsPage {
  merchantUuid: string;
  environment: string;
  /** The page begins below this place; null: the newest page. */
  before: LogPosition | null;
  limit: number;
}

export function listMerchantTransactions(
  database: Queryable,
  { merchantUuid, environment, before, limit }: MerchantTransactionsPage,
): Promise<MerchantTransactionRow[]> {
  const below =
    before === null
      ? ''
      : 'AND (ledger_number, ledger_index, account_kind, currency) < ($4::bigint, $5::int, $6::text, $7::text)';
  return database.query<MerchantTransactionRow>({
    name: before === null ? 'list-merchant-transactions-newest' : 'list-merchant-transactions-below',
    text: `SELECT ledger_number, ledger_index, account_kind, currency, operation_id, payment_id, kind, gross_minor,
                  fee_minor, net_minor, balance_after_minor,
                  (extract(epoch FROM settled_at) * 1000000)::bigint AS settled_at_micros
             FROM merchant_transactions WHERE merchant_id = $1 AND environment = $2 ${below}
            ORDER BY ledger_number DESC, ledger_index DESC, account_kind DESC, currency DESC LIMIT $3`,
    values: [
      ...[merchantUuid, environment, limit],
      ...(before === null ? [] : [before.ledgerNumber, before.ledgerIndex, before.accountKind, before.currency]),
    ],
  });
}
