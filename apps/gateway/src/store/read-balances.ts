// Reads the newest known balances of a customer's wallets.
import type { Queryable } from '@paystream/database';

export interface BalanceRow {
  currency: string;
  posted_minor: bigint;
  held_minor: bigint;
  version: bigint;
  updated_at_micros: bigint;
}

/** In the order of currency. */
export function readBalances(database: Queryable, customerUuid: string): Promise<BalanceRow[]> {
  return database.query<BalanceRow>({
    name: 'read-balances',
    text: `SELECT currency, posted_minor, held_minor, version,
                  (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at_micros
             FROM customer_balances WHERE customer_id = $1 ORDER BY currency`,
    values: [customerUuid],
  });
}
