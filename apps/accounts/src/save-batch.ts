// Saves what a batch decided, set by set, in the transaction that holds its locks and moves its offset.
import type { CommittingTransaction, OffsetMove, OutgoingEvent } from '@paystream/database';
import type { FoldedBatch, LedgerState } from '@paystream/ledger';
import type { Batch, Codec } from '@paystream/messaging';
import { endIfStopped } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import { deadLetterEvent } from './publish/dead-letter-event.ts';
import { outgoingEventsOf } from './publish/outgoing-events.ts';
import type { BatchPlace, DecidedRecord } from './publish/place.ts';
import type { ReadRecord } from './read-record.ts';
import { deleteOldSpends } from './store/delete-old-spends.ts';
import { insertCorrections } from './store/insert-corrections.ts';
import { insertSpends } from './store/insert-spends.ts';
import { saveDecisions } from './store/save-decisions.ts';
import { updatePayments } from './store/update-payments.ts';
import { upsertDisputes } from './store/upsert-disputes.ts';

export interface BatchToSave {
  readonly batch: Batch;
  readonly move: OffsetMove;
  /** The records, in the order in which they were folded. */
  readonly read: readonly ReadRecord[];
  readonly state: LedgerState;
  readonly place: BatchPlace;
  readonly folded: FoldedBatch;
}

export interface SaveOptions {
  readonly codec: Codec;
  /** Whose publisher of account.updated an account belongs to. */
  readonly shardOf: (accountId: string) => number;
}

/**
 * Writes what every payment has (decision, postings, payment, balances, marks, outgoing events) and the offset with one
 * statement that takes the commit along, and before it what few have, each with one of its own and none where there is
 * nothing to write. Gives the events, to be published.
 */
export async function saveBatch(
  transaction: CommittingTransaction,
  { batch, move, read, state, place, folded }: BatchToSave,
  { codec, shardOf }: SaveOptions,
): Promise<readonly OutgoingEvent[]> {
  const { ledgerNumber } = place;
  faultPoint('accounts.before_save');
  const { decided, rejected } = pairWithRecords(read, folded);
  const events = [...decided.flatMap((one) => outgoingEventsOf(one, place, codec)), ...rejected];
  await Promise.all([
    updatePayments(transaction, folded.changedPayments),
    upsertDisputes(transaction, folded.disputes),
    insertCorrections(transaction, folded.corrections),
    insertSpends(transaction, { ledgerNumber, spends: folded.spends }),
    deleteOldSpends(transaction, folded.spends),
  ]);
  endIfStopped(batch);
  faultPoint('messaging.before_database_commit');
  await saveDecisions(transaction, {
    ...{ move, ledgerNumber, decided, shardOf, events },
    newPayments: folded.newPayments,
    accounts: folded.accounts,
    before: state.accounts,
  });
  return events;
}

/** The decided records, and the dead letters of those that were rejected. Repeated records say nothing. */
function pairWithRecords(read: readonly ReadRecord[], folded: FoldedBatch) {
  const decided: DecidedRecord[] = [];
  const rejected: OutgoingEvent[] = [];
  for (const [at, decision] of folded.decisions.entries()) {
    const source = read[at];
    if (source === undefined) throw new Error('the fold answered with more decisions than there were records');
    const { record, event, deadLetterClass } = source;
    if (decision.kind === 'rejected') {
      rejected.push(deadLetterEvent(record, { class: deadLetterClass, reason: decision.reason }));
    } else if (decision.kind === 'decided' && event !== null) {
      decided.push({ record, event, decision });
    }
  }
  return { decided, rejected };
}
