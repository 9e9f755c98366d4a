// Tells owners what a decision did to their accounts: what it read, what it changed, and who was at the other end.
import type { Account } from './account.ts';
import { compareIds } from './compare-ids.ts';
import type { AccountEffect } from './decision.ts';
import type { Posting } from './posting.ts';

/** Effects on the owners' accounts among those named, by account id. `named` holds them as they were before. */
export function effectsOf(
  named: readonly Account[],
  changed: ReadonlyMap<string, Account>,
  postings: readonly Posting[],
): AccountEffect[] {
  const owners = new Map(named.map((account) => [account.id, account.ownerId]));
  return named
    .flatMap((before) => {
      const { id, ownerId } = before;
      if (ownerId === null) return [];
      const after = changed.get(id) ?? before;
      return [{ before, after, ownerId, counterpartyId: counterpartyOf(id, postings, owners) }];
    })
    .toSorted((a, b) => compareIds(a.before.id, b.before.id));
}

/** The first other owner whom a posting connects with the account. */
function counterpartyOf(
  accountId: string,
  postings: readonly Posting[],
  owners: ReadonlyMap<string, string | null>,
): string | null {
  for (const { debitAccount, creditAccount } of postings) {
    if (debitAccount !== accountId && creditAccount !== accountId) continue;
    const owner = owners.get(debitAccount === accountId ? creditAccount : debitAccount);
    if (owner !== undefined && owner !== null) return owner;
  }
  return null;
}
