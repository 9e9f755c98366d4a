// Says on an event where a decision left an owner's account.
import type { AccountEffect } from '@paystream/ledger';
import type { AccountState } from '@paystream/topics';

export function toAccountState({ before, after, ownerId, counterpartyId }: AccountEffect): AccountState {
  return {
    accountId: after.id,
    kind: after.kind,
    ownerId,
    currency: after.currency,
    postedChangeMinor: after.postedMinor - before.postedMinor,
    heldChangeMinor: after.heldMinor - before.heldMinor,
    postedMinor: after.postedMinor,
    heldMinor: after.heldMinor,
    version: after.version,
    changed: after.version !== before.version,
    counterpartyId,
    status: after.status,
    overdraftMinor: after.overdraftMinor,
  };
}
