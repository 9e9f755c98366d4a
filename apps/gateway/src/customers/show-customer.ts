// Shows a customer: what was sealed is opened for the merchant who sent it.
import { toJson } from '@paystream/http';
import { fromUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { isoMicros } from '../iso-micros.ts';
import type { StoredCustomer } from '../store/read-own-customer.ts';
import type { CustomerBody } from './model.ts';

/** The body as it was sent; without what was sealed once the person was erased. */
export function openCustomer(stored: StoredCustomer, vault: Vault): CustomerBody {
  const { keySealed, emailSealed, nameSealed, metadataSealed, country } = stored;
  const open = country === null ? {} : { country };
  if (keySealed === null) return open;
  return {
    ...open,
    ...(emailSealed === null ? {} : { email: vault.open(keySealed, emailSealed) }),
    ...(nameSealed === null ? {} : { name: vault.open(keySealed, nameSealed) }),
    // Written by createCustomer from a checked body.
    ...(metadataSealed === null
      ? {}
      : { metadata: JSON.parse(vault.open(keySealed, metadataSealed)) as Record<string, string> }),
  };
}

/** JSON text of the customer. */
export function showCustomer(stored: StoredCustomer, vault: Vault): string {
  const { email = null, name = null, country = null, metadata = {} } = openCustomer(stored, vault);
  const id = fromUuid('cus', stored.uuid);
  return toJson({
    id,
    object: 'customer',
    email,
    name,
    country,
    metadata,
    created_at: isoMicros(stored.createdAtMicros),
  });
}
