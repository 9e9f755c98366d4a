// Runs work inside one transaction, and tells an unknown commit from a failed one.
import type pg from 'pg';
import { CommitUnknownError, InvariantError, sqlStateOf } from './errors.ts';
import { queryable } from './queryable.ts';
import type { CommittingTransaction, Query, TransactionOptions } from './types.ts';

/** See `Database.transaction`. */
export async function runTransaction<T>(
  pool: pg.Pool,
  work: (transaction: CommittingTransaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  try {
    const begun = begin(client, options);
    if (options.readsFirst !== true) await begun.answered;
    let isCommitted = false;
    const result = await work({
      ...queryable(begun.run),
      queryAndCommit: async <Row extends object>(query: Query) => {
        const rows = await queryAndCommit<Row>(client, begun.run, query);
        isCommitted = true;
        return rows;
      },
    });
    await begun.answered;
    if (!isCommitted) await commit(client);
    return result;
  } catch (error) {
    broken = error instanceof CommitUnknownError || !(await rollback(client));
    throw error;
  } finally {
    // A connection that is not known to be clean is closed, never given to the next caller.
    client.release(broken);
  }
}

/** What is run before BEGIN is answered follows it at once; nothing is run after it failed. */
function begin(client: pg.PoolClient, options: TransactionOptions) {
  let failed = false;
  const answered = client.query(beginText(options));
  answered.catch(() => (failed = true));
  // The answer of the first statement comes after that of BEGIN: who has waited for it is told here that BEGIN failed.
  const run = (query: Query): Promise<pg.QueryResult> => (failed ? answered : client.query(query));
  return { answered, run };
}

async function queryAndCommit<Row extends object>(
  client: pg.PoolClient,
  run: (query: Query) => Promise<pg.QueryResult>,
  query: Query,
): Promise<Row[]> {
  const answered = queryable(run).query<Row>(query);
  const committed = commit(client);
  // Whatever becomes of the commit, the failed statement before it is why.
  committed.catch(() => undefined);
  const rows = await answered.catch((error: unknown) => {
    throw isCertain(error) ? error : new CommitUnknownError(error);
  });
  await committed;
  return rows;
}

function beginText({ isolation, readOnly }: TransactionOptions): string {
  const level = isolation === 'repeatable read' ? 'REPEATABLE READ' : 'READ COMMITTED';
  return `BEGIN ISOLATION LEVEL ${level}${readOnly === true ? ' READ ONLY' : ''}`;
}

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw isCertain(error) ? error : new CommitUnknownError(error);
  });
  // The server answers COMMIT with ROLLBACK when a statement had failed and the work went on regardless.
  if (command !== 'COMMIT') throw new InvariantError('The transaction was rolled back: a statement in it had failed');
}

/** Whether the server itself refused the commit (a deferred constraint, say) and is still there. */
function isCertain(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== null && !state.startsWith('57P') && !state.startsWith('08');
}

/** Whether the connection is clean afterwards. */
async function rollback(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
