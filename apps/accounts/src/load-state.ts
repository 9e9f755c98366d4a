// Brings what a batch needs out of the store: first the locks, then, in later statements, what stands under them.
import type { Transaction } from '@paystream/database';
import type { Account, LedgerState, Reading } from '@paystream/ledger';
import { accountsOf, needsOf, newAccount } from '@paystream/ledger';
import { faultPoint } from '@paystream/runtime';
import type { BatchPlace } from './publish/place.ts';
import { spendTimesOf } from './spend-times-of.ts';
import { drawLedgerNumber } from './store/draw-ledger-number.ts';
import { insertMissingAccounts } from './store/insert-missing-accounts.ts';
import { loadAccounts } from './store/load-accounts.ts';
import { loadCorrected } from './store/load-corrected.ts';
import { loadDecided } from './store/load-decided.ts';
import { loadDisputes } from './store/load-disputes.ts';
import { loadOutcomes } from './store/load-outcomes.ts';
import { loadPaymentTerms } from './store/load-payment-terms.ts';
import { loadPayments } from './store/load-payments.ts';
import { loadSpends } from './store/load-spends.ts';
import { lockAccounts } from './store/lock-accounts.ts';
import { waitForOthers } from './store/wait-for-others.ts';

export interface LoadedBatch {
  readonly place: BatchPlace;
  readonly state: LedgerState;
}

export interface BatchToLoad {
  readonly partition: number;
  readonly readings: readonly Reading[];
}

/**
 * Locks the batch's accounts, gives it its place in the books, and reads the state it is decided on. The order of these
 * statements is what makes the order of the books true: see the README. What needs no reading costs no statement.
 */
export async function loadState(transaction: Transaction, { partition, readings }: BatchToLoad): Promise<LoadedBatch> {
  const { paymentIds, disputeIds, operationIds } = needsOf(readings);
  // They never change, so they can be read before the accounts are locked that they name.
  const terms = await loadPaymentTerms(transaction, paymentIds);
  const named = accountsOf(readings, terms).map(newAccount);
  const shared = named.filter(isShared).map((account) => account.id);

  faultPoint('accounts.before_lock');
  await waitForOthers(() => insertMissingAccounts(transaction, named));
  await waitForOthers(() => lockAccounts(transaction, shared));
  faultPoint('accounts.locked');
  // Under the locks, one after the other; none waits here for the answer to the one before.
  const [place, accounts, decided, payments, disputes, outcomes, corrected, spends] = await Promise.all([
    drawLedgerNumber(transaction),
    loadAccounts(transaction, named),
    loadDecided(transaction, idsOf(readings)),
    loadPayments(transaction, terms),
    loadDisputes(transaction, disputeIds),
    loadOutcomes(transaction, { partition, operationIds }),
    loadCorrected(transaction, operationIds),
    loadSpends(transaction, spendTimesOf(readings)),
  ]);
  return { place, state: { accounts, payments, disputes, decided, outcomes, corrected, spends } };
}

function idsOf(readings: readonly Reading[]): string[] {
  return readings.flatMap((reading) => (reading.legal ? [reading.instruction.asked.operationId] : []));
}

/** The house's accounts are this partition's own, and guarded by the lock of its offset row. */
function isShared({ ownerId }: Account): boolean {
  return ownerId !== null;
}
