// Stores the newest balances of merchants' payables and receivables; an older version never overwrites a newer one.
import type { StatusPart } from './status-part.ts';

export interface MerchantBalance {
  merchantUuid: string;
  environment: string;
  /** payable | receivable */
  kind: string;
  currency: string;
  postedMinor: bigint;
  heldMinor: bigint;
  version: bigint;
  updatedAtMicros: bigint;
}

/** The balances must be of different accounts. Rows are taken in one order, so that two writers never block each other. */
export const merchantBalancesPart: StatusPart<MerchantBalance> = {
  text: `INSERT INTO merchant_balances AS b (merchant_id, environment, kind, currency, posted_minor, held_minor, version,
                                             updated_at)
         SELECT merchant_id, environment, kind, currency, posted_minor, held_minor, version,
                to_timestamp(0) + updated_at * interval '1 microsecond'
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
                       $8::bigint[])
             AS n(merchant_id, environment, kind, currency, posted_minor, held_minor, version, updated_at)
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY merchant_id, environment, kind, currency
         ON CONFLICT (merchant_id, environment, kind, currency) DO UPDATE
            SET posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
                version = excluded.version, updated_at = excluded.updated_at
          WHERE excluded.version > b.version`,
  parameters: (balances) => [
    balances.map(({ merchantUuid }) => merchantUuid),
    balances.map(({ environment }) => environment),
    balances.map(({ kind }) => kind),
    balances.map(({ currency }) => currency),
    balances.map(({ postedMinor }) => postedMinor),
    balances.map(({ heldMinor }) => heldMinor),
    balances.map(({ version }) => version),
    balances.map(({ updatedAtMicros }) => updatedAtMicros),
  ],
};
