// Decides what trouble with the database means to a caller.
import { classifyError } from '@paystream/database';
import { HttpError } from '@paystream/http';

/** `database_unavailable` when trying again may help; undefined when the error is none of the database's, or a fault of ours. */
export function databaseErrorOf(error: unknown): HttpError | undefined {
  return classifyError(error) === 'transient' ? new HttpError('database_unavailable') : undefined;
}
