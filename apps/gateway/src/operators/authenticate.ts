// Decides which operator a key belongs to.
import type { Principal } from '@paystream/http';
import { fromUuid } from '@paystream/payments';
import type { AuthenticateOptions } from '../access/authenticate.ts';
import { createKeyMemory } from '../access/key-memory.ts';
import { findOperator } from '../store/find-operator.ts';

/** The person who asks. Every operator may do everything; what two must agree on, one cannot do alone. */
export interface Operator extends Principal {
  /** op_… */
  operatorId: string;
  operatorUuid: string;
}

/** Throws HttpError when the key is no operator's; a merchant's key is none. */
export function createOperatorAuthenticate({ database, vault, changes }: AuthenticateOptions) {
  return createKeyMemory<Operator>({
    ...{ vault, changes },
    find: async (visiblePart) => {
      const found = await findOperator(database, visiblePart);
      if (found === undefined) return undefined;
      const operatorId = fromUuid('op', found.uuid);
      const principal = { keyId: operatorId, scopes: new Set<string>(), operatorId, operatorUuid: found.uuid };
      return { digest: found.digest, ownerUuid: found.uuid, principal, refusal: null };
    },
  });
}
