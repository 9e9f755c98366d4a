// Turns what pg answers into rows or a count, the same for the pool and for a transaction.
import type pg from 'pg';
import type { Query, Queryable } from './types.ts';

/** Statements over anything that runs them the way pg does. */
export function queryable(run: (query: Query) => Promise<pg.QueryResult>): Queryable {
  return {
    // The rows' shape is what the caller's statement says it is; pg cannot know.
    query: async <Row extends object>(query: Query) => (await run(query)).rows as Row[],
    execute: async (query) => (await run(query)).rowCount ?? 0,
  };
}
