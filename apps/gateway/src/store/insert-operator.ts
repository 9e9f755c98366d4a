// Stores an operator with a key: its visible part and a keyed hash, never the key.
import type { Queryable } from '@paystream/database';

export interface OperatorRow {
  uuid: string;
  name: string;
  visiblePart: string;
  digest: Buffer;
}

export async function insertOperator(database: Queryable, operator: OperatorRow): Promise<void> {
  const { uuid, name, visiblePart, digest } = operator;
  await database.execute({
    text: 'INSERT INTO operators (id, name, visible_part, digest) VALUES ($1, $2, $3, $4)',
    values: [uuid, name, visiblePart, digest],
  });
}
