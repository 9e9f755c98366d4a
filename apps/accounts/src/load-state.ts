// Brings what a batch needs out of the store: first the locks, then, in later statements, what stands under them.
import type { Database, Transaction } from '@paystream/database';
import type { Account, LedgerState, PaymentTerms, Reading } from '@paystream/ledger';
import { accountsOf, needsOf, newAccount } from '@paystream/ledger';
import { faultPoint } from '@paystream/runtime';
import type { KnownAccounts } from './known-accounts.ts';
import type { BatchPlace } from './publish/place.ts';
import { spendTimesOf } from './spend-times-of.ts';
import { drawLedgerNumber } from './store/draw-ledger-number.ts';
import { loadCorrected } from './store/load-corrected.ts';
import { loadDisputes } from './store/load-disputes.ts';
import { loadOutcomes } from './store/load-outcomes.ts';
import { loadPaymentTerms } from './store/load-payment-terms.ts';
import { loadPayments } from './store/load-payments.ts';
import { loadSpends } from './store/load-spends.ts';
import { lockAccounts } from './store/lock-accounts.ts';
import { waitForOthers } from './store/wait-for-others.ts';

/** What a batch is about, known before anything is locked. */
export interface BatchToLoad {
  readonly partition: number;
  readonly readings: readonly Reading[];
  /** Of the payments that follow-ups are about; they never change. */
  readonly terms: ReadonlyMap<string, PaymentTerms>;
  /** Sorted by id; each has a row. */
  readonly accounts: readonly Account[];
}

export interface LoadedBatch {
  readonly place: BatchPlace;
  readonly state: LedgerState;
}

/** Finds out which accounts a batch touches, and sees to it that each has a row that can be locked. */
export async function prepareBatch(
  database: Database,
  { partition, readings, known }: Pick<BatchToLoad, 'partition' | 'readings'> & { known: KnownAccounts },
): Promise<BatchToLoad> {
  const terms = await loadPaymentTerms(database, needsOf(readings).paymentIds);
  const accounts = accountsOf(readings, terms).map(newAccount);
  await known.ensure(database, accounts);
  return { partition, readings, terms, accounts };
}

/**
 * Locks the batch's accounts, gives it its place in the books, and reads the state it is decided on. The order of these
 * statements is what makes the order of the books true: see the README. The server runs them one after the other, each
 * with a snapshot of its own, and none is waited for before the next is sent. What needs no reading costs no statement.
 */
export async function loadState(transaction: Transaction, batch: BatchToLoad): Promise<LoadedBatch> {
  const { partition, readings, terms } = batch;
  const { disputeIds, operationIds } = needsOf(readings);
  faultPoint('accounts.before_lock');
  // The house's accounts are this partition's own; they are locked with the others, as that is no statement more.
  const [accounts, { decided, ...place }, payments, disputes, outcomes, corrected, spends] = await Promise.all([
    waitForOthers(() => lockAccounts(transaction, batch.accounts)),
    drawLedgerNumber(transaction, idsOf(readings)),
    loadPayments(transaction, terms),
    loadDisputes(transaction, disputeIds),
    loadOutcomes(transaction, { partition, operationIds }),
    loadCorrected(transaction, operationIds),
    loadSpends(transaction, spendTimesOf(readings)),
  ]);
  faultPoint('accounts.locked');
  return { place, state: { accounts, payments, disputes, decided, outcomes, corrected, spends } };
}

function idsOf(readings: readonly Reading[]): string[] {
  return readings.flatMap((reading) => (reading.legal ? [reading.instruction.asked.operationId] : []));
}
