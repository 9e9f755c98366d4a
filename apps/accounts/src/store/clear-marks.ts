// Takes back the marks of accounts whose newest state is published.
import type { Queryable } from '@paystream/database';
import { rowsParameter } from '@paystream/database';

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
    // Each mark is looked up by its key: a plan that was kept from a time of few marks compared each with each.
    text: `DELETE FROM account_marks
            WHERE ctid = ANY (ARRAY(
                    SELECT found.ctid
                      FROM unnest($1::mark_row[]) AS p
                     CROSS JOIN LATERAL (SELECT m.ctid FROM account_marks AS m
                                          WHERE m.shard = p.shard AND m.account_id = p.account_id
                                            AND m.version = p.version
                                            FOR UPDATE SKIP LOCKED) AS found))`,
    values: [rowsParameter(published.map(({ account, version }) => [shard, account, version]))],
  });
}
