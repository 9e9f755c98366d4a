// Stores the newest balances of customers' wallets; an older version never overwrites a newer one.
import { rowsParameter } from '@paystream/database';
import type { StatusPart } from './status-part.ts';

export interface CustomerBalance {
  customerUuid: string;
  currency: string;
  postedMinor: bigint;
  heldMinor: bigint;
  version: bigint;
  updatedAtMicros: bigint;
}

/** The balances must be of different wallets. Rows are taken in one order, so that two writers never block each other. */
export const balancesPart: StatusPart<CustomerBalance> = {
  text: `INSERT INTO customer_balances AS b (customer_id, currency, posted_minor, held_minor, version, updated_at)
         SELECT customer_id, currency, posted_minor, held_minor, version,
                to_timestamp(0) + updated_at * interval '1 microsecond'
           FROM unnest($1::customer_balance_row[])
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY customer_id, currency
         ON CONFLICT (customer_id, currency) DO UPDATE
            SET posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
                version = excluded.version, updated_at = excluded.updated_at
          WHERE excluded.version > b.version`,
  parameters: (balances) => [
    rowsParameter(
      balances.map((balance) => [
        ...[balance.customerUuid, balance.currency, balance.postedMinor, balance.heldMinor, balance.version],
        balance.updatedAtMicros,
      ]),
    ),
  ],
};
