// Measures the outbox: how much waits for the broker, and for how long.
import type { Queryable } from '@paystream/database';

export interface Unpublished {
  count: number;
  /** Age of the oldest in milliseconds; 0 when nothing waits. */
  oldestMs: number;
}

export async function measureUnpublished(database: Queryable): Promise<Unpublished> {
  const [row] = await database.query<{ count: bigint; oldest_ms: bigint }>({
    name: 'measure-unpublished',
    text: `SELECT count(*) AS count,
                  coalesce(extract(epoch FROM now() - min(requested_at)) * 1000, 0)::bigint AS oldest_ms
             FROM unpublished_operations`,
  });
  return { count: Number(row?.count ?? 0n), oldestMs: Number(row?.oldest_ms ?? 0n) };
}
