// Stores the newest balances of merchants' payables and receivables; an older version never overwrites a newer one.
import { rowsParameter } from '@paystream/database';
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
           FROM unnest($1::merchant_balance_row[])
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY merchant_id, environment, kind, currency
         ON CONFLICT (merchant_id, environment, kind, currency) DO UPDATE
            SET posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
                version = excluded.version, updated_at = excluded.updated_at
          WHERE excluded.version > b.version`,
  parameters: (balances) => [
    rowsParameter(
      balances.map((balance) => [
        ...[balance.merchantUuid, balance.environment, balance.kind, balance.currency, balance.postedMinor],
        ...[balance.heldMinor, balance.version, balance.updatedAtMicros],
      ]),
    ),
  ],
};
