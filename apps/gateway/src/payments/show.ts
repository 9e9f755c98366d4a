// Shows a stored operation as it is now.
import type { Vault } from '@paystream/personal-data';
import type { StoredOperation } from '../store/stored-operation.ts';
import { PARKED } from '../publish/payment-parked.ts';
import { openDetails } from './details.ts';
import { changedFacts, unsettledFacts } from './facts.ts';
import { renderOperation, withDetails } from './render.ts';

/** JSON text of the operation. */
export function showOperation(stored: StoredOperation, vault: Vault): string {
  return withDetails(renderNow(stored), openDetails(vault, stored));
}

function renderNow(stored: StoredOperation): string {
  if (stored.answer === null && stored.isParked) {
    return renderOperation(unsettledFacts(stored, stored.requestedAtMicros, PARKED));
  }
  const changed = changedFacts(stored);
  if (changed !== null) return renderOperation(changed);
  return stored.answer ?? renderOperation(unsettledFacts(stored, stored.requestedAtMicros));
}
