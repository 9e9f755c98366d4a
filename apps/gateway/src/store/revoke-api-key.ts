// Revokes an API key by its visible part; gateways notice within a second.
import type { Queryable } from '@paystream/database';

/** False when there is no such key, or it was revoked before. */
export async function revokeApiKey(database: Queryable, visiblePart: string): Promise<boolean> {
  const count = await database.execute({
    text: 'UPDATE api_keys SET revoked_at = now() WHERE visible_part = $1 AND revoked_at IS NULL',
    values: [visiblePart],
  });
  return count === 1;
}
