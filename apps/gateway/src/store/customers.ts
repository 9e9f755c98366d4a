// Stores customers, and reads one of a merchant's own: the table that says who exists.
import type { Queryable } from '@paystream/database';

export interface NewCustomer {
  uuid: string;
  merchantUuid: string;
  environment: string;
  country: string | null;
  fingerprint: Buffer;
  keySealed: Buffer;
  emailSealed: Buffer | null;
  nameSealed: Buffer | null;
  metadataSealed: Buffer | null;
}

/** False when there is a customer with this id already; it is left as it is. */
export async function insertCustomer(database: Queryable, customer: NewCustomer): Promise<boolean> {
  const count = await database.execute({
    name: 'insert-customer',
    text: `INSERT INTO customers (id, merchant_id, environment, fingerprint, key_sealed, email_sealed, name_sealed, metadata_sealed,
                                  country)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
    values: [
      customer.uuid,
      customer.merchantUuid,
      customer.environment,
      customer.fingerprint,
      customer.keySealed,
      customer.emailSealed,
      customer.nameSealed,
      customer.metadataSealed,
      customer.country,
    ],
  });
  return count === 1;
}

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

/** Undefined when there is none, or when it is another merchant's. */
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
