// Reads where accounts of one merchant and one customer stand, as far as the gateway has heard.
import type { Queryable } from '@paystream/database';
import { payableAccountId, receivableAccountId, walletAccountId } from '@paystream/payments';

export interface KnownMoney {
  postedMinor: bigint;
  heldMinor: bigint;
  version: bigint;
}

export interface MoneyOwners {
  environment: string;
  merchantId: string;
  merchantUuid: string;
  customerId: string;
  customerUuid: string;
}

interface Row {
  kind: string;
  currency: string;
  posted_minor: bigint;
  held_minor: bigint;
  version: bigint;
}

/** By account id; what has never been heard of stands at zero and is missing. */
export async function readMoney(database: Queryable, owners: MoneyOwners): Promise<Map<string, KnownMoney>> {
  const { environment, merchantId, merchantUuid, customerId, customerUuid } = owners;
  const rows = await database.query<Row>({
    name: 'read-money',
    text: `SELECT 'wallet' AS kind, currency, posted_minor, held_minor, version FROM customer_balances WHERE customer_id = $1
            UNION ALL
           SELECT kind, currency, posted_minor, held_minor, version FROM merchant_balances
            WHERE merchant_id = $2 AND environment = $3`,
    values: [customerUuid, merchantUuid, environment],
  });
  const accountOf = ({ kind, currency }: Row): string => {
    if (kind === 'wallet') return walletAccountId(environment, customerId, currency);
    const name = kind === 'payable' ? payableAccountId : receivableAccountId;
    return name(environment, merchantId, currency);
  };
  return new Map(
    rows.map((row) => [
      accountOf(row),
      { postedMinor: row.posted_minor, heldMinor: row.held_minor, version: row.version },
    ]),
  );
}
