// Says that this process's worker pool lives, and gives the jobs of pools that do not to others.
import type { Queryable } from '@paystream/database';

export interface PoolLife {
  poolId: string;
  /** A pool that was not heard of for so long is dead. */
  deadAfterMs: number;
}

/** Without it a killed process would keep its jobs for the queue's own four hours. Gives how many jobs were freed. */
export async function keepPoolAlive(database: Queryable, { poolId, deadAfterMs }: PoolLife): Promise<number> {
  // All parts see the table as it was: this pool, which the first part may add, is named in the others. A pool may die
  // before its first sign of life, so what counts is the absence of one. Two that come back from a long pause find each
  // other dead: neither waits for the other's row.
  const [row] = await database.query<{ jobs: bigint }>({
    name: 'keep-pool-alive',
    text: `WITH bound AS (SELECT now() - $2::int * interval '1 millisecond' AS dead_before),
           alive AS (
             INSERT INTO worker_pools (pool_id, seen_at) VALUES ($1, now())
             ON CONFLICT (pool_id) DO UPDATE SET seen_at = excluded.seen_at
           ), forgotten AS (
             DELETE FROM worker_pools
              WHERE pool_id IN (SELECT pool_id FROM worker_pools, bound WHERE seen_at < dead_before AND pool_id <> $1
                                   FOR UPDATE OF worker_pools SKIP LOCKED)
           ), dead AS (
             SELECT locked_by, count(*) AS jobs
               FROM graphile_worker.jobs, bound
              WHERE locked_at < dead_before AND locked_by <> $1
                AND locked_by NOT IN (SELECT pool_id FROM worker_pools WHERE seen_at >= dead_before)
              GROUP BY locked_by
           )
           SELECT sum(jobs)::bigint AS jobs, graphile_worker.force_unlock_workers(array_agg(locked_by))::text
             FROM dead
           HAVING count(*) > 0`,
    values: [poolId, deadAfterMs],
  });
  return Number(row?.jobs ?? 0n);
}
