// Reads the newest known balances of a merchant: what it is owed, and what it owes.
import type { Queryable } from '@paystream/database';

export interface MerchantBalanceRow {
  currency: string;
  /** Of the payable. */
  posted_minor: bigint;
  held_minor: bigint;
  /** Of the receivable: below zero when the merchant owes. */
  receivable_minor: bigint;
  updated_at_micros: bigint;
}

/** In the order of currency. */
export function readMerchantBalances(
  database: Queryable,
  { merchantUuid, environment }: { merchantUuid: string; environment: string },
): Promise<MerchantBalanceRow[]> {
  return database.query<MerchantBalanceRow>({
    name: 'read-merchant-balances',
    text: `SELECT currency,
                  coalesce(max(posted_minor) FILTER (WHERE kind = 'payable'), 0) AS posted_minor,
                  coalesce(max(held_minor) FILTER (WHERE kind = 'payable'), 0) AS held_minor,
                  coalesce(max(posted_minor) FILTER (WHERE kind = 'receivable'), 0) AS receivable_minor,
                  (extract(epoch FROM max(updated_at)) * 1000000)::bigint AS updated_at_micros
             FROM merchant_balances WHERE merchant_id = $1 AND environment = $2
            GROUP BY currency ORDER BY currency`,
    values: [merchantUuid, environment],
  });
}
