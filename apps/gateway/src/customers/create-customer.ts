// Creates a customer once per key: what is known of the person is sealed before it reaches the database.
import { HttpError } from '@paystream/http';
import { customerIdOf, newId, toUuid } from '@paystream/payments';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { canonicalJson } from '../idempotency/canonical-json.ts';
import { differingField, fingerprintOf } from '../idempotency/fingerprint.ts';
import type { StoredCustomer } from '../store/read-own-customer.ts';
import { insertCustomer } from '../store/insert-customer.ts';
import { readOwnCustomer } from '../store/read-own-customer.ts';
import { checkMetadata, checkText } from '../text-rules.ts';
import { checkEmail } from './email.ts';
import type { CustomerBody } from './model.ts';
import { openCustomer } from './show-customer.ts';

export interface CreatedCustomer {
  stored: StoredCustomer;
  replayed: boolean;
}

/** `idempotencyKey` null: every request makes a customer. */
export async function createCustomer(
  { database, vault }: Pick<GatewayContext, 'database' | 'vault'>,
  { caller, idempotencyKey, body }: { caller: Caller; idempotencyKey: string | null; body: CustomerBody },
): Promise<CreatedCustomer> {
  checkBody(body);
  const { merchantId, merchantUuid, environment } = caller;
  const id = idempotencyKey === null ? newId('cus') : customerIdOf({ merchantId, environment, idempotencyKey });
  const fingerprint = fingerprintOf('POST', '/v1/customers', body);
  const { sealedKey } = vault.newCustomerKey();
  const sealed = (text: string | undefined) => (text === undefined ? null : vault.seal(sealedKey, text));
  const { email, name, metadata, country = null } = body;
  const inserted = await insertCustomer(database, {
    uuid: toUuid(id),
    merchantUuid,
    environment,
    country,
    fingerprint,
    keySealed: sealedKey,
    emailSealed: sealed(email),
    nameSealed: sealed(name),
    metadataSealed: sealed(metadata && canonicalJson(metadata)),
  });
  const stored = await readOwnCustomer(database, { uuid: toUuid(id), merchantUuid, environment });
  if (stored === undefined) throw new HttpError('request_in_progress');
  if (!inserted && !stored.fingerprint.equals(fingerprint)) {
    const field = differingField(body, openCustomer(stored, vault));
    throw new HttpError('idempotency_key_reused', field === null ? {} : { param: field });
  }
  return { stored, replayed: !inserted };
}

function checkBody({ email, name, metadata }: CustomerBody): void {
  if (email !== undefined) {
    checkText(email, '/email');
    checkEmail(email);
  }
  if (name !== undefined) checkText(name, '/name');
  if (metadata !== undefined) checkMetadata(metadata);
}
