// Reads whose customers these are, from the table that owns them.
import type { Queryable } from '@paystream/database';

export interface CustomerOwner {
  merchantUuid: string;
  environment: string;
  /** Null once the person was erased. */
  keySealed: Buffer | null;
  /** ISO 3166-1 alpha-2 */
  country: string | null;
}

/** Those that exist, by uuid. */
export async function findCustomers(
  database: Queryable,
  uuids: readonly string[],
): Promise<Map<string, CustomerOwner>> {
  const rows = await database.query<{
    id: string;
    merchant_id: string;
    environment: string;
    key_sealed: Buffer | null;
    country: string | null;
  }>({
    name: 'find-customers',
    text: 'SELECT id, merchant_id, environment, key_sealed, country FROM customers WHERE id = ANY ($1::uuid[])',
    values: [uuids],
  });
  return new Map(
    rows.map(({ id, merchant_id, environment, key_sealed, country }) => [
      id,
      { merchantUuid: merchant_id, environment, keySealed: key_sealed, country },
    ]),
  );
}
