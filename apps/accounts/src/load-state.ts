// Brings what a batch needs out of the store: first the locks, then, in later statements, what stands under them.
import type { Transaction } from '@paystream/database';
import type { Account, LedgerState, Payment, Reading } from '@paystream/ledger';
import { accountsOf, newAccount } from '@paystream/ledger';
import { faultPoint } from '@paystream/runtime';
import type { BatchPlace } from './publish/place.ts';
import { drawLedgerNumber } from './store/draw-ledger-number.ts';
import { insertMissingAccounts } from './store/insert-missing-accounts.ts';
import { loadAccounts } from './store/load-accounts.ts';
import { loadDecided } from './store/load-decided.ts';
import { lockAccounts } from './store/lock-accounts.ts';
import { waitForOthers } from './store/wait-for-others.ts';

export interface LoadedBatch {
  readonly place: BatchPlace;
  readonly state: LedgerState;
}

/**
 * Locks the batch's accounts, gives it its place in the books, and reads the state it is decided on. The order of these
 * statements is what makes the order of the books true: see the README.
 */
export async function loadState(transaction: Transaction, readings: readonly Reading[]): Promise<LoadedBatch> {
  const operationIds = readings.flatMap((reading) => (reading.legal ? [reading.instruction.asked.operationId] : []));
  // No operation of these rules follows another one's payment yet: none has to be read for its accounts to be known.
  const payments = new Map<string, Payment>();
  const named = accountsOf(readings, payments).map(newAccount);
  const shared = named.filter(isShared).map((account) => account.id);

  faultPoint('accounts.before_lock');
  await waitForOthers(() => insertMissingAccounts(transaction, named));
  await waitForOthers(() => lockAccounts(transaction, shared));
  faultPoint('accounts.locked');
  const place = await drawLedgerNumber(transaction);
  const accounts = await loadAccounts(transaction, named);
  const decided = await loadDecided(transaction, operationIds);
  return { place, state: { accounts, payments, decided } };
}

/** The house's accounts are this partition's own, and guarded by the lock of its offset row. */
function isShared({ ownerId }: Account): boolean {
  return ownerId !== null;
}
