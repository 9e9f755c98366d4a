// Says that this process's worker pool lives, and gives the jobs of pools that do not to others.
import type { Queryable } from '@paystream/database';

export interface PoolLife {
  poolId: string;
  /** A pool that was not heard of for so long is dead. */
  deadAfterMs: number;
}

/** Without it a killed process would keep its jobs for the queue's own four hours. Gives how many jobs were freed. */
export async function keepPoolAlive(database: Queryable, { poolId, deadAfterMs }: PoolLife): Promise<number> {
  await database.execute({
    name: 'keep-pool-alive',
    text: `INSERT INTO worker_pools (pool_id, seen_at) VALUES ($1, now())
           ON CONFLICT (pool_id) DO UPDATE SET seen_at = excluded.seen_at`,
    values: [poolId],
  });
  await database.execute({
    name: 'forget-dead-pools',
    text: `DELETE FROM worker_pools WHERE seen_at < now() - $1::int * interval '1 millisecond'`,
    values: [deadAfterMs],
  });
  // A pool may die before its first sign of life, so what counts is the absence of one.
  const [row] = await database.query<{ jobs: bigint }>({
    name: 'free-jobs-of-dead-pools',
    text: `SELECT sum(jobs)::bigint AS jobs, graphile_worker.force_unlock_workers(array_agg(locked_by))::text
             FROM (SELECT locked_by, count(*) AS jobs
                     FROM graphile_worker.jobs
                    WHERE locked_at < now() - $1::int * interval '1 millisecond'
                      AND locked_by NOT IN (SELECT pool_id FROM worker_pools)
                    GROUP BY locked_by) AS dead
           HAVING count(*) > 0`,
    values: [deadAfterMs],
  });
  return Number(row?.jobs ?? 0n);
}
