// Shows a stored operation as it is now.
import type { Vault } from '@paystream/personal-data';
import type { StoredOperation } from '../store/stored-operation.ts';
import { openDetails } from './details.ts';
import { renderOperation, withDetails } from './render.ts';

/** JSON text of the payment or top-up. */
export function showOperation(stored: StoredOperation, vault: Vault): string {
  return withDetails(stored.answer ?? renderRequested(stored), openDetails(vault, stored));
}

function renderRequested(stored: StoredOperation): string {
  return renderOperation({
    ...stored,
    status: 'requested',
    fees: [],
    failure: null,
    createdAtMicros: stored.requestedAtMicros,
    settledAtMicros: null,
  });
}
