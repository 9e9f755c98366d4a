// Stores an API key: its visible part and a keyed hash, never the key.
import type { Transaction } from '@paystream/database';
import { newId, toUuid } from '@paystream/payments';

export interface ApiKeyRow {
  merchantUuid: string;
  environment: string;
  visiblePart: string;
  digest: Buffer;
  scopes: readonly string[];
}

export async function insertApiKey(transaction: Transaction, key: ApiKeyRow): Promise<void> {
  await transaction.execute({
    text: `INSERT INTO api_keys (id, visible_part, digest, merchant_id, environment, scopes)
           VALUES ($1, $2, $3, $4, $5, $6::text[])`,
    values: [toUuid(newId('key')), key.visiblePart, key.digest, key.merchantUuid, key.environment, key.scopes],
  });
}
