// Finds an operator whose key is not revoked by the key's visible part.
import type { Queryable } from '@paystream/database';

export interface StoredOperator {
  uuid: string;
  digest: Buffer;
}

export async function findOperator(database: Queryable, visiblePart: string): Promise<StoredOperator | undefined> {
  const [operator] = await database.query<StoredOperator>({
    name: 'find-operator',
    text: 'SELECT id AS uuid, digest FROM operators WHERE visible_part = $1 AND revoked_at IS NULL',
    values: [visiblePart],
  });
  return operator;
}
