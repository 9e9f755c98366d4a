// Follows payment.settled: freezes answers, keeps balances, transactions and states, and wakes who waits; each batch all or nothing.
import type { Database, OffsetMove, Transaction } from '@paystream/database';
import type { Batch, Consumer, Messaging, Publisher } from '@paystream/messaging';
import { endIfStopped } from '@paystream/messaging';
import type { PaymentSettled, Terms } from '@paystream/topics';
import { disputeFacts } from './disputes/fold-disputes.ts';
import { saveDisputes } from './disputes/save-disputes.ts';
import type { GatewayMetrics } from './metrics.ts';
import { failedRefunds, faultOf, toOutcomes, withTerms } from './outcomes.ts';
import { ofSettled } from './status/account-changes.ts';
import { toAccountRows } from './status/account-rows.ts';
import { changesState, foldStates, paymentUuidOf } from './status/payment-states.ts';
import { createRecordReader } from './status/read-records.ts';
import { freeMerchantRefundIds } from './store/free-merchant-refund-ids.ts';
import type { Outcome } from './store/insert-outcomes.ts';
import { readKnownPayments } from './store/read-known-payments.ts';
import { readTerms } from './store/read-terms.ts';
import { saveStatus } from './store/save-status.ts';
import { upsertPaymentStates } from './store/upsert-payment-states.ts';
import type { AcceptedHere } from './waiting/accepted-here.ts';
import { announcementOf } from './waiting/announcements.ts';
import type { Waiters } from './waiting/waiters.ts';

const TOPIC = 'payment.settled';
const STATUS_GROUP = 'gateway-status';

export interface StatusConsumerOptions {
  messaging: Messaging;
  database: Database;
  waiters: Waiters;
  acceptedHere: AcceptedHere;
  /** For dead letters, which are rare. */
  publisher: Publisher;
  metrics: GatewayMetrics;
}

export function consumePaymentSettled(options: StatusConsumerOptions): Promise<Consumer> {
  const { messaging, database, waiters, acceptedHere, publisher, metrics } = options;
  // What `apply` has worked out, for its own commit: a batch that is tried again is worked out again.
  const applied = new WeakMap<Batch, Outcome[]>();
  const reader = createRecordReader({ topic: TOPIC, codec: messaging.codec, publisher, faultOf });
  return messaging.consumeIntoDatabase({
    groupId: STATUS_GROUP,
    topic: TOPIC,
    database,
    // What stands there is committed in the books, and each operation's outcome is stored once: no need to wait for more.
    isolation: 'uncommitted',
    apply: async (batch, move, store) => {
      const settled = await reader.read(batch.records);
      endIfStopped(batch);
      applied.set(batch, await save({ settled, move, acceptedHere }, store));
      return [];
    },
    applyPoison: (record, error) => reader.refuse(record, error),
    afterCommit: (batch) => {
      const outcomes = applied.get(batch) ?? [];
      waiters.tell(outcomes.map(({ uuid, answer }) => [uuid, answer] as const));
      acceptedHere.forget(outcomes.map(({ uuid }) => uuid));
      for (const { status } of outcomes) metrics.settled.inc({ status });
    },
  });
}

interface Save {
  settled: readonly PaymentSettled[];
  move: OffsetMove;
  acceptedHere: AcceptedHere;
}

async function save({ settled, move, acceptedHere }: Save, database: Database): Promise<Outcome[]> {
  const terms = await readTerms(database, withTerms(settled));
  const outcomes = toOutcomes(settled, terms);
  const rows = { outcomes, ...toAccountRows(settled.map(ofSettled)) };
  const announcement = announcementOf(outcomes.map(({ uuid }) => uuid).filter((uuid) => !acceptedHere.has(uuid)));
  if (settled.some(needsMore)) {
    await database.transactionWithRetry(async (transaction) => {
      await saveStatus(transaction, move, rows, announcement);
      await saveStates(settled, terms, transaction);
      await saveDisputes(settled, transaction);
      await freeMerchantRefundIds(transaction, failedRefunds(settled));
    });
  } else await saveStatus(database, move, rows, announcement);
  return outcomes;
}

/** Whether it is stored in more than the one statement that is all of a plain payment. */
function needsMore(settled: PaymentSettled): boolean {
  return changesState(settled) || disputeFacts([settled]).length > 0 || failedRefunds([settled]).length > 0;
}

/** After the outcomes: a payment's first one may be in the same batch. */
async function saveStates(
  settled: readonly PaymentSettled[],
  terms: ReadonlyMap<string, Partial<Terms>>,
  transaction: Transaction,
): Promise<void> {
  const changes = settled.filter(changesState);
  if (changes.length === 0) return;
  const uuids = new Set(changes.flatMap((each) => paymentUuidOf(each) ?? []));
  const known = await readKnownPayments(transaction, [...uuids]);
  await upsertPaymentStates(transaction, foldStates(changes, known, terms));
}
