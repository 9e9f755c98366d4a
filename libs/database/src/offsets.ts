// Keeps, in the database, the offset up to which a consumer's records have been applied: the truth about what is done.
import type { Queryable, Transaction } from './types.ts';

/** To be copied into the first migration of every app that consumes into its database. */
export const CONSUMER_OFFSETS_SQL = `CREATE TABLE consumer_offsets (
  group_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (group_id, topic, partition)
);`;

export interface OffsetKey {
  group: string;
  topic: string;
  partition: number;
}

/** The stored offset is not what its writer read: somebody else has moved it. Roll back, read again, then decide. */
export class OffsetMovedError extends Error {
  readonly code = 'offset_moved';
  readonly retriable = true;
  constructor({ group, topic, partition }: OffsetKey, from: bigint) {
    super(`The offset of ${group} on ${topic}/${partition} is no longer ${from}`);
    this.name = 'OffsetMovedError';
  }
}

/** A stretch of a topic that is applied: the offset moves from where its writer read it to behind the stretch. */
export interface OffsetMove extends OffsetKey {
  from: bigint;
  to: bigint;
}

/** The next offset to apply, read without a lock; a partition never met gets its row, at 0. */
export async function readOffset(database: Queryable, { group, topic, partition }: OffsetKey): Promise<bigint> {
  const [row] = await database.query<{ next_offset: bigint }>({
    name: 'read-offset',
    text: `WITH made AS (
             INSERT INTO consumer_offsets (group_id, topic, partition, next_offset) VALUES ($1, $2, $3, 0)
             ON CONFLICT DO NOTHING
           )
           SELECT coalesce((SELECT next_offset FROM consumer_offsets
                             WHERE group_id = $1 AND topic = $2 AND partition = $3), 0) AS next_offset`,
    values: [group, topic, partition],
  });
  if (row === undefined) throw new Error(`the offset of ${group} on ${topic}/${partition} could not be read`);
  return row.next_offset;
}

/**
 * Moves the offset and keeps its row locked until the transaction ends, so that of two writers the second waits and is
 * refused. A transaction that begins with it needs no lock of its own.
 * @throws OffsetMovedError when it is not `from` any more
 */
export async function moveOffset(
  transaction: Transaction,
  { group, topic, partition, from, to }: OffsetMove,
): Promise<void> {
  const moved = await transaction.execute({
    name: 'move-offset',
    text: `UPDATE consumer_offsets SET next_offset = $5
            WHERE group_id = $1 AND topic = $2 AND partition = $3 AND next_offset = $4`,
    values: [group, topic, partition, from, to],
  });
  if (moved !== 1) throw new OffsetMovedError({ group, topic, partition }, from);
}

/** The stored offsets of a group on a topic by partition, read without a lock; a partition never met is absent. */
export async function readOffsets(
  database: Queryable,
  { group, topic }: { group: string; topic: string },
): Promise<Map<number, bigint>> {
  const rows = await database.query<{ partition: number; next_offset: bigint }>({
    text: 'SELECT partition, next_offset FROM consumer_offsets WHERE group_id = $1 AND topic = $2',
    values: [group, topic],
  });
  return new Map(rows.map((row) => [row.partition, row.next_offset]));
}
