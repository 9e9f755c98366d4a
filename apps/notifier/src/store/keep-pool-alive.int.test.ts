// Jobs of pools that have not been heard of go to others; those of the living stay where they are.
import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrateQueue } from '../queue.ts';
import { keepPoolAlive } from './keep-pool-alive.ts';

const DEAD_AFTER_MS = 10_000;

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  const logger = createLogger({ name: 'test', level: 'error' });
  database = createDatabase({ url: own.url, name: 'test', logger });
  await database.migrate(new URL('../../migrations/', import.meta.url));
  await migrateQueue({ url: own.url, logger });
});

beforeEach(() => database.execute({ text: 'DELETE FROM graphile_worker._private_jobs' }));

afterAll(async () => {
  await database.close();
  await own.drop();
});

const live = (poolId: string) => keepPoolAlive(database, { poolId, deadAfterMs: DEAD_AFTER_MS });

async function lockJob(poolId: string, secondsAgo: number): Promise<void> {
  await database.execute({ text: `SELECT graphile_worker.add_job('send_emails', '[]'::json)` });
  await database.execute({
    text: `UPDATE graphile_worker._private_jobs SET locked_by = $1, locked_at = now() - $2::int * interval '1 second'
            WHERE locked_by IS NULL`,
    values: [poolId, secondsAgo],
  });
}

async function wasSeen(poolId: string, secondsAgo: number): Promise<void> {
  await database.execute({
    text: `INSERT INTO worker_pools VALUES ($1, now() - $2::int * interval '1 second')`,
    values: [poolId, secondsAgo],
  });
}

async function lockedBy(): Promise<(string | null)[]> {
  const rows = await database.query<{ locked_by: string | null }>({
    text: 'SELECT locked_by FROM graphile_worker.jobs ORDER BY locked_by',
  });
  return rows.map((row) => row.locked_by);
}

test('frees the jobs of pools long silent and of those never heard of, and no others', async () => {
  await wasSeen('silent', 60);
  await wasSeen('living', 5);
  await lockJob('silent', 60);
  await lockJob('unheard', 60);
  await lockJob('unheard', 60);
  await lockJob('just begun', 1);
  await lockJob('living', 60);
  await lockJob('me', 60);
  expect(await live('me')).toBe(3);
  expect(await lockedBy()).toEqual(['just begun', 'living', 'me', null, null, null]);
  expect(await live('me')).toBe(0);
  const pools = await database.query<{ pool_id: string }>({
    text: 'SELECT pool_id FROM worker_pools ORDER BY pool_id',
  });
  expect(pools.map((row) => row.pool_id)).toEqual(['living', 'me']);
});

test('a pool that is back from a long pause lives again', async () => {
  await wasSeen('back', 60);
  await live('back');
  await lockJob('back', 60);
  expect(await live('me')).toBe(0);
  expect(await lockedBy()).toEqual(['back']);
});

test('any number may do so at once', async () => {
  const poolIds = Array.from({ length: 8 }, (_, index) => `pool ${index}`);
  for (const poolId of poolIds) await wasSeen(poolId, 60);
  await expect(Promise.all(poolIds.map(live))).resolves.toEqual(poolIds.map(() => 0));
});
