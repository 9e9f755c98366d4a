// Reads the frozen answers of operations that are final.
import type { Queryable } from '@paystream/database';

/** Those that are final, by uuid. */
export async function readAnswers(database: Queryable, uuids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ operation_id: string; answer: string }>({
    name: 'read-answers',
    text: 'SELECT operation_id, answer FROM outcomes WHERE operation_id = ANY ($1::uuid[])',
    values: [uuids],
  });
  return new Map(rows.map(({ operation_id, answer }) => [operation_id, answer]));
}
