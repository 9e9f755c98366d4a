// Saves what a batch decided, set by set, in the transaction that holds its locks and moves its offset.
import type { OutgoingEvent, Transaction } from '@paystream/database';
import { insertOutgoing } from '@paystream/database';
import type { FoldedBatch, LedgerState } from '@paystream/ledger';
import type { Codec } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import { deadLetterEvent } from './publish/dead-letter-event.ts';
import { outgoingEventsOf } from './publish/outgoing-events.ts';
import type { BatchPlace, DecidedRecord } from './publish/place.ts';
import type { ReadRecord } from './read-record.ts';
import { TOPIC } from './read-record.ts';
import { insertOperations } from './store/insert-operations.ts';
import { insertPayments } from './store/insert-payments.ts';
import { insertPostings } from './store/insert-postings.ts';
import { markAccounts } from './store/mark-accounts.ts';
import { updateAccounts } from './store/update-accounts.ts';

export interface BatchToSave {
  readonly partition: number;
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

/** Writes postings, decisions, payments, balances, marks and outgoing events, each with one statement. */
export async function saveBatch(
  transaction: Transaction,
  { partition, read, state, place, folded }: BatchToSave,
  { codec, shardOf }: SaveOptions,
): Promise<void> {
  const { ledgerNumber } = place;
  faultPoint('accounts.before_save');
  const { decided, events } = toEvents(read, folded, place, codec);
  await insertOperations(transaction, { ledgerNumber, partition, decided });
  await insertPostings(transaction, { ledgerNumber, decisions: decided.map(({ decision }) => decision) });
  await insertPayments(transaction, folded.payments);
  await updateAccounts(transaction, folded.accounts, state.accounts);
  await markAccounts(transaction, folded.accounts, shardOf);
  await insertOutgoing(transaction, { inputTopic: TOPIC, inputPartition: partition, events });
  faultPoint('accounts.saved');
}

/** What each record's decision says to others. Repeated records say nothing. */
function toEvents(read: readonly ReadRecord[], folded: FoldedBatch, place: BatchPlace, codec: Codec) {
  const decided: DecidedRecord[] = [];
  const events: OutgoingEvent[] = [];
  for (const [at, decision] of folded.decisions.entries()) {
    const source = read[at];
    if (source === undefined) throw new Error('the fold answered with more decisions than there were records');
    const { record, event, deadLetterClass } = source;
    if (decision.kind === 'rejected') {
      events.push(deadLetterEvent(record, { class: deadLetterClass, reason: decision.reason }));
    } else if (decision.kind === 'decided' && event !== null) {
      const one = { record, event, decision };
      decided.push(one);
      events.push(...outgoingEventsOf(one, place, codec));
    }
  }
  return { decided, events };
}
