// Stores the newest balances of customers' wallets; an older version never overwrites a newer one.
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
           FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
             AS n(customer_id, currency, posted_minor, held_minor, version, updated_at)
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY customer_id, currency
         ON CONFLICT (customer_id, currency) DO UPDATE
            SET posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
                version = excluded.version, updated_at = excluded.updated_at
          WHERE excluded.version > b.version`,
  parameters: (balances) => [
    balances.map(({ customerUuid }) => customerUuid),
    balances.map(({ currency }) => currency),
    balances.map(({ postedMinor }) => postedMinor),
    balances.map(({ heldMinor }) => heldMinor),
    balances.map(({ version }) => version),
    balances.map(({ updatedAtMicros }) => updatedAtMicros),
  ],
};
