// Decides which merchant an API key belongs to.
import type { Database } from '@paystream/database';
import type { Principal } from '@paystream/http';
import { HttpError } from '@paystream/http';
import type { Environment } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import type { Changes } from '../remembered/changes.ts';
import type { StoredApiKey } from '../store/find-api-key.ts';
import { findApiKey } from '../store/find-api-key.ts';
import type { KnownKey } from './key-memory.ts';
import { createKeyMemory } from './key-memory.ts';

/** The merchant that asks, in one environment. */
export interface Caller extends Principal {
  merchantId: string;
  merchantUuid: string;
  environment: Environment;
  /** Version of merchant.updated this request is judged by. */
  merchantVersion: bigint;
}

export type Authenticate = (key: string) => Caller | Promise<Caller>;

export interface AuthenticateOptions {
  database: Database;
  vault: Vault;
  changes: Changes;
}

/** Answers without a promise when the key was met before. Throws HttpError when it is no merchant's. */
export function createAuthenticate({ database, vault, changes }: AuthenticateOptions): Authenticate {
  return createKeyMemory({
    ...{ vault, changes },
    find: async (visiblePart) => {
      const found = await findApiKey(database, visiblePart);
      return found && toKnownKey(found);
    },
  });
}

function toKnownKey(found: StoredApiKey): KnownKey<Caller> {
  const { digest, merchantUuid, environment, merchantVersion } = found;
  const principal: Caller = {
    keyId: fromUuid('key', found.id),
    scopes: new Set(found.scopes),
    merchantId: fromUuid('mer', merchantUuid),
    ...{ merchantUuid, environment, merchantVersion },
  };
  const refusal = found.merchantStatus === 'active' ? null : new HttpError('merchant_inactive');
  return { digest, ownerUuid: merchantUuid, principal, refusal };
}
