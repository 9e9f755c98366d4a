// Shows a stored operation as it is now.
import type { Vault } from '@paystream/personal-data';
import type { StoredOperation } from '../store/stored-operation.ts';
import { openDetails } from './details.ts';
import { changedFacts, unsettledFacts } from './facts.ts';
import { renderOperation, withDetails } from './render.ts';

/** JSON text of the operation. */
export function showOperation(stored: StoredOperation, vault: Vault): string {
  return withDetails(renderNow(stored), openDetails(vault, stored));
}

function renderNow(stored: StoredOperation): string {
  const changed = changedFacts(stored);
  if (changed !== null) return renderOperation(changed);
  return stored.answer ?? renderOperation(unsettledFacts(stored, stored.requestedAtMicros));
}
