// Runs work inside one transaction, and tells an unknown commit from a failed one.
import type pg from 'pg';
import { CommitUnknownError, InvariantError, sqlStateOf } from './errors.ts';
import { queryable } from './queryable.ts';
import type { Transaction, TransactionOptions } from './types.ts';

/** See `Database.transaction`. */
export async function runTransaction<T>(
  pool: pg.Pool,
  work: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  try {
    await client.query(beginText(options));
    const result = await work(queryable((query) => client.query(query)));
    await commit(client);
    return result;
  } catch (error) {
    broken = error instanceof CommitUnknownError || !(await rollback(client));
    throw error;
  } finally {
    // A connection that is not known to be clean is closed, never given to the next caller.
    client.release(broken);
  }
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
