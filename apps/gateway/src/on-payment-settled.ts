// Follows payment.settled: freezes answers, keeps states, balances and transactions, and wakes who waits; all in one transaction.
import type { Database, Transaction } from '@paystream/database';
import type { Batch, Consumer, Messaging, Publisher } from '@paystream/messaging';
import { inTransaction } from '@paystream/messaging';
import type { PaymentSettled, Terms } from '@paystream/topics';
import { saveDisputes } from './disputes/save-disputes.ts';
import type { GatewayMetrics } from './metrics.ts';
import { failedRefunds, faultOf, toOutcomes, withTerms } from './outcomes.ts';
import { ofSettled } from './status/account-changes.ts';
import { changesState, foldStates, paymentUuidOf } from './status/payment-states.ts';
import { createRecordReader } from './status/read-records.ts';
import { saveAccounts } from './status/save-accounts.ts';
import { freeMerchantRefundIds } from './store/free-merchant-refund-ids.ts';
import type { Outcome } from './store/insert-outcomes.ts';
import { insertOutcomes } from './store/insert-outcomes.ts';
import { readKnownPayments } from './store/read-known-payments.ts';
import { readTerms } from './store/read-terms.ts';
import { upsertPaymentStates } from './store/upsert-payment-states.ts';
import { announce } from './waiting/announcements.ts';
import type { Waiters } from './waiting/waiters.ts';

const TOPIC = 'payment.settled';
const STATUS_GROUP = 'gateway-status';

export interface StatusConsumerOptions {
  messaging: Messaging;
  database: Database;
  waiters: Waiters;
  /** For dead letters, which are rare. */
  publisher: Publisher;
  metrics: GatewayMetrics;
}

export function consumePaymentSettled(options: StatusConsumerOptions): Promise<Consumer> {
  const { messaging, database, waiters, publisher, metrics } = options;
  // What `apply` has worked out, for its own commit: a batch that is tried again is worked out again.
  const applied = new WeakMap<Batch, Outcome[]>();
  const reader = createRecordReader({ topic: TOPIC, codec: messaging.codec, publisher, faultOf });
  return messaging.consumeIntoDatabase({
    groupId: STATUS_GROUP,
    topic: TOPIC,
    database,
    // What stands there is committed in the books, and each operation's outcome is stored once: no need to wait for more.
    isolation: 'uncommitted',
    apply: inTransaction(async (batch, transaction) => {
      applied.set(batch, await save(await reader.read(batch.records), transaction));
    }),
    applyPoison: (record, error) => reader.refuse(record, error),
    afterCommit: (batch) => {
      const outcomes = applied.get(batch) ?? [];
      waiters.tell(outcomes.map(({ uuid, answer }) => [uuid, answer] as const));
      for (const { status } of outcomes) metrics.settled.inc({ status });
    },
  });
}

async function save(settled: readonly PaymentSettled[], transaction: Transaction): Promise<Outcome[]> {
  const terms = await readTerms(transaction, withTerms(settled));
  const outcomes = toOutcomes(settled, terms);
  await insertOutcomes(transaction, outcomes);
  await saveStates(settled, terms, transaction);
  await saveDisputes(settled, transaction);
  await freeMerchantRefundIds(transaction, failedRefunds(settled));
  await saveAccounts(transaction, settled.map(ofSettled));
  await announce(
    transaction,
    outcomes.map(({ uuid }) => uuid),
  );
  return outcomes;
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
