// Reads what has become of operations that are waited for: the frozen answers of those that are final.
import type { Queryable } from '@paystream/database';

/** Final with its answer, or on its way, or parked, with the status it has. */
export type Answered = { kind: 'final'; answer: string } | { kind: 'progressed'; status: string };

/** Those of which something is known, by uuid. */
export async function readAnswers(database: Queryable, uuids: readonly string[]): Promise<Map<string, Answered>> {
  const rows = await database.query<{ id: string; answer: string | null; status: string | null }>({
    name: 'read-answers',
    text: `SELECT w.id, u.answer, CASE WHEN k.operation_id IS NULL THEN s.status ELSE 'parked' END AS status
             FROM unnest($1::uuid[]) AS w(id)
             LEFT JOIN outcomes AS u ON u.operation_id = w.id
             LEFT JOIN payment_states AS s ON s.payment_id = w.id
             LEFT JOIN parked_operations AS k ON k.operation_id = w.id
            WHERE u.answer IS NOT NULL OR s.status IS NOT NULL OR k.operation_id IS NOT NULL`,
    values: [uuids],
  });
  return new Map(rows.map(({ id, answer, status }) => [id, toAnswered(answer, status ?? '')]));
}

function toAnswered(answer: string | null, status: string): Answered {
  return answer === null ? { kind: 'progressed', status } : { kind: 'final', answer };
}
