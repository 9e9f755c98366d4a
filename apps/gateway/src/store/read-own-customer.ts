// Reads one customer of a merchant; another merchant's is as if it did not exist.
import type { Queryable } from '@paystream/database';

export interface StoredCustomer {
  uuid: string;
  fingerprint: Buffer;
  /** Null once the person was erased. */
  keySealed: Buffer | null;
  emailSealed: Buffer | null;
  nameSealed: Buffer | null;
  metadataSealed: Buffer | null;
  /** ISO 3166-1 alpha-2 */
  country: string | null;
  createdAtMicros: bigint;
}

interface Row {
  id: string;
  fingerprint: Buffer;
  key_sealed: Buffer | null;
  email_sealed: Buffer | null;
  name_sealed: Buffer | null;
  metadata_sealed: Buffer | null;
  country: string | null;
  created_at_micros: bigint;
}

export interface OwnCustomerKey {
  uuid: string;
  merchantUuid: string;
  environment: string;
}

export async function readOwnCustomer(
  database: Queryable,
  { uuid, merchantUuid, environment }: OwnCustomerKey,
): Promise<StoredCustomer | undefined> {
  const [row] = await database.query<Row>({
    name: 'read-own-customer',
    text: `SELECT id, fingerprint, key_sealed, email_sealed, name_sealed, metadata_sealed, country,
                  (extract(epoch FROM created_at) * 1000000)::bigint AS created_at_micros
             FROM customers WHERE id = $1 AND merchant_id = $2 AND environment = $3`,
    values: [uuid, merchantUuid, environment],
  });
  if (row === undefined) return undefined;
  return {
    uuid: row.id,
    fingerprint: row.fingerprint,
    keySealed: row.key_sealed,
    emailSealed: row.email_sealed,
    nameSealed: row.name_sealed,
    metadataSealed: row.metadata_sealed,
    country: row.country,
    createdAtMicros: row.created_at_micros,
  };
}
