// Stores a customer: the table that says who exists.
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
