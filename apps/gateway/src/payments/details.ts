// Opens description and metadata of a stored operation, unless the person they were about was erased.
import type { Vault } from '@paystream/personal-data';
import type { StoredOperation } from '../store/stored-operation.ts';

/** Canonical JSON of what was sent; null when nothing was, or when the customer's key is gone. */
export function openDetails(vault: Vault, stored: StoredOperation): string | null {
  const { detailsSealed, detailsKeySealed } = stored;
  return detailsSealed === null || detailsKeySealed === null ? null : vault.open(detailsKeySealed, detailsSealed);
}
