// Compares the newest state that subscribers have of each account with the books.

import type { Differences } from '../differences.ts';
import type { Chunks } from '../inputs.ts';

/** The newest record of an account on account.updated. */
export interface AccountUpdate {
  readonly accountId: string;
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly overdraftMinor: bigint;
  readonly status: string;
  readonly version: bigint;
}

/** An account of the books; `isMarked` while its newest state is still to be published. */
export interface MarkedAccount extends AccountUpdate {
  readonly isMarked: boolean;
}

export interface AccountUpdatesInput {
  /** All of the topic, up to an end that was read after the books' snapshot; in any order, the highest version counts. */
  readonly updates: Chunks<AccountUpdate>;
  /** The accounts of the snapshot. */
  readonly accounts: Chunks<MarkedAccount>;
  /** Accounts as they are by now, for updates newer than the snapshot. */
  readonly accountsNow: (accountIds: readonly string[]) => Promise<readonly AccountUpdate[]>;
}

const TABLE = 'account.updated';
/** Accounts looked up with one call. */
const LOOKUP_SIZE_MAX = 1_000;

export async function checkAccountUpdates(
  { updates, accounts, accountsNow }: AccountUpdatesInput,
  differences: Differences,
): Promise<void> {
  const newest = new Map<string, AccountUpdate>();
  for await (const chunk of updates) {
    for (const { accountId, postedMinor, heldMinor, overdraftMinor, status, version } of chunk) {
      if ((newest.get(accountId)?.version ?? -1n) >= version) continue;
      newest.set(accountId, { accountId, postedMinor, heldMinor, overdraftMinor, status, version });
    }
  }
  for await (const chunk of accounts) {
    for (const account of chunk) {
      const { accountId: key, version, isMarked } = account;
      const update = newest.get(key);
      if (version === 0n && update === undefined) continue;
      if (update !== undefined && update.version > version) continue;
      newest.delete(key);
      // What is marked is on its way: subscribers have an older state, which was right in its time.
      if (isMarked && update?.version !== version) continue;
      compare(key, account, update, differences);
    }
  }
  const later = [...newest.values()];
  for (let start = 0; start < later.length; start += LOOKUP_SIZE_MAX) {
    const some = later.slice(start, start + LOOKUP_SIZE_MAX);
    const now = await accountsNow(some.map(({ accountId }) => accountId));
    const byId = new Map(now.map((account) => [account.accountId, account]));
    for (const update of some) {
      const account = byId.get(update.accountId);
      // Of a state that has passed already nothing is known but that it came before.
      if (account !== undefined && account.version > update.version) continue;
      if (account === undefined)
        differences.add({ kind: 'view_row_extra', table: TABLE, key: update.accountId, found: say(update) });
      else compare(update.accountId, account, update, differences);
    }
  }
}

function compare(
  key: string,
  account: AccountUpdate,
  update: AccountUpdate | undefined,
  differences: Differences,
): void {
  const expected = say(account);
  if (update === undefined) differences.add({ kind: 'view_row_missing', table: TABLE, key, expected });
  else if (say(update) !== expected) {
    differences.add({ kind: 'view_row_wrong', table: TABLE, key, expected, found: say(update) });
  }
}

function say({ postedMinor, heldMinor, overdraftMinor, status, version }: AccountUpdate): string {
  return `${status}, posted ${postedMinor}, held ${heldMinor}, overdraft ${overdraftMinor}, version ${version}`;
}
