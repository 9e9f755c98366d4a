// Takes back the marks of accounts whose newest state is published.
import type { Queryable } from '@paystream/database';

/**
 * Clears the marks that still have the published version; an account changed since keeps its mark. A mark that a batch is
 * just writing is passed over, so that publishing never makes a batch wait: its newer version is published next.
 */
export async function clearMarks(
  database: Queryable,
  { shard, published }: { shard: number; published: readonly { account: string; version: bigint }[] },
): Promise<void> {
  if (published.length === 0) return;
  await database.execute({
    name: 'clear-marks',
    text: `DELETE FROM account_marks AS m
            USING (SELECT account_id
                     FROM account_marks JOIN unnest($2::text[], $3::bigint[]) AS p(account_id, version)
                          USING (account_id, version)
                    WHERE shard = $1 FOR UPDATE OF account_marks SKIP LOCKED) AS done
            WHERE m.shard = $1 AND m.account_id = done.account_id`,
    values: [shard, published.map(({ account }) => account), published.map(({ version }) => version)],
  });
}
