// Turns what pg answers into rows or a count, the same for the pool and for a transaction.
import type pg from 'pg';
import { toParameter } from './array-parameter.ts';
import type { Query, Queryable } from './types.ts';

/** Statements over anything that runs them the way pg does. */
export function queryable(run: (query: Query) => Promise<pg.QueryResult>): Queryable {
  const runWith = (query: Query) =>
    run(query.values === undefined ? query : { ...query, values: query.values.map(toParameter) });
  return {
    // The rows' shape is what the caller's statement says it is; pg cannot know.
    query: async <Row extends object>(query: Query) => (await runWith(query)).rows as Row[],
    execute: async (query) => (await runWith(query)).rowCount ?? 0,
  };
}
