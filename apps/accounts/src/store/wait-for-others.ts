// Tells waiting for other batches from failing: a batch that waited in vain is tried again, and no record of it is blamed.
import { QUERY_CANCELED, sqlStateOf } from '@paystream/database';

/**
 * Other batches held accounts for longer than a statement may take; usually the database or this machine is overloaded.
 * It has the state of a lock that was not available: transient, however often it happens, where the records of a statement
 * that is cancelled three times are tried in halves.
 */
export class AccountsBusyError extends Error {
  readonly code = '55P03';
  readonly retriable = true;
  constructor(cause: unknown) {
    super('the accounts of a batch were held by others for too long', { cause });
    this.name = 'AccountsBusyError';
  }
}

/** Runs a statement that may have to wait for locks. @throws AccountsBusyError when it was cancelled for taking too long */
export async function waitForOthers<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw sqlStateOf(error) === QUERY_CANCELED ? new AccountsBusyError(error) : error;
  }
}
