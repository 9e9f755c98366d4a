// Finds an API key that is not revoked by its visible part, with the merchant it belongs to as that is now.
import type { Queryable } from '@paystream/database';

export interface StoredApiKey {
  id: string;
  digest: Buffer;
  merchantUuid: string;
  environment: 'test' | 'live';
  scopes: string[];
  merchantVersion: bigint;
  merchantStatus: 'active' | 'inactive';
}

interface Row {
  id: string;
  digest: Buffer;
  merchant_id: string;
  environment: 'test' | 'live';
  scopes: string[];
  version: bigint;
  status: 'active' | 'inactive';
}

export async function findApiKey(database: Queryable, visiblePart: string): Promise<StoredApiKey | undefined> {
  const [row] = await database.query<Row>({
    name: 'find-api-key',
    text: `SELECT k.id, k.digest, k.merchant_id, k.environment, k.scopes, v.version, v.status
             FROM api_keys AS k
             JOIN LATERAL (SELECT version, status FROM merchant_versions
                            WHERE merchant_id = k.merchant_id AND environment = k.environment
                            ORDER BY version DESC LIMIT 1) AS v ON true
            WHERE k.visible_part = $1 AND k.revoked_at IS NULL`,
    values: [visiblePart],
  });
  if (row === undefined) return undefined;
  const { id, digest, environment, scopes } = row;
  return {
    ...{ id, digest, environment, scopes },
    merchantUuid: row.merchant_id,
    merchantVersion: row.version,
    merchantStatus: row.status,
  };
}
