// Reads how much the sender still has to do.
import type { Queryable } from '@paystream/database';
import type { JobBacklog } from '../metrics.ts';

export async function readJobBacklog(database: Queryable): Promise<JobBacklog> {
  const [row] = await database.query<{ jobs: bigint; oldest_seconds: number }>({
    name: 'read-job-backlog',
    text: `SELECT count(*) AS jobs,
                  coalesce(extract(epoch FROM greatest(now() - min(run_at), interval '0'))::float8, 0) AS oldest_seconds
             FROM graphile_worker.jobs
            WHERE attempts < max_attempts`,
  });
  return { jobs: Number(row?.jobs ?? 0n), oldestSeconds: row?.oldest_seconds ?? 0 };
}
