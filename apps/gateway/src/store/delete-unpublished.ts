// Takes operations out of the outbox once the broker has them.
import type { Queryable } from '@paystream/database';

/**
 * Gives the number deleted. Not waited for on disk: a deletion lost in a crash means that a record is published twice,
 * and readers take the first.
 */
export function deleteUnpublished(database: Queryable, uuids: readonly string[]): Promise<number> {
  return database.execute({
    name: 'delete-unpublished',
    text: `WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
           DELETE FROM unpublished_operations USING unhurried WHERE id = ANY ($1::uuid[])`,
    values: [uuids],
  });
}
