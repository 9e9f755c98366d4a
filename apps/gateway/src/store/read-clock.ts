// Reads the clock that every rule of time judges by.
import type { Queryable } from '@paystream/database';

/** Microseconds since the epoch, UTC. */
export async function readClock(database: Queryable): Promise<bigint> {
  const [row] = await database.query<{ now_micros: bigint }>({
    name: 'read-clock',
    text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_micros',
  });
  if (row === undefined) throw new Error('the database has no clock');
  return row.now_micros;
}
