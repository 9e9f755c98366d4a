// Follows payment.settled: freezes answers, keeps states, balances and transactions, and wakes who waits; all in one transaction.
import type { Database, Transaction } from '@paystream/database';
import type { Batch, Consumer, Messaging, Publisher } from '@paystream/messaging';
import type { PaymentSettled } from '@paystream/topics';
import type { Terms } from './intake/terms.ts';
import { saveDisputes } from './disputes/save-disputes.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { SettledRows } from './outcomes.ts';
import { faultOf, toRows, withTerms } from './outcomes.ts';
import { changesState, foldStates, paymentUuidOf } from './status/payment-states.ts';
import { createRecordReader } from './status/read-records.ts';
import { freeMerchantRefundIds } from './store/free-merchant-refund-ids.ts';
import { insertMerchantTransactions } from './store/insert-merchant-transactions.ts';
import { insertOutcomes } from './store/insert-outcomes.ts';
import { insertTransactions } from './store/insert-transactions.ts';
import { readKnownPayments } from './store/read-known-payments.ts';
import { readTerms } from './store/read-terms.ts';
import { upsertBalances } from './store/upsert-balances.ts';
import { upsertMerchantBalances } from './store/upsert-merchant-balances.ts';
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
  const applied = new WeakMap<Batch, SettledRows>();
  const reader = createRecordReader({ topic: TOPIC, codec: messaging.codec, publisher, faultOf });
  return messaging.consumeIntoDatabase({
    groupId: STATUS_GROUP,
    topic: TOPIC,
    database,
    apply: async (batch, transaction) => {
      applied.set(batch, await save(await reader.read(batch.records), transaction));
    },
    applyPoison: (record, error) => reader.refuse(record, error),
    afterCommit: (batch) => {
      const { outcomes = [] } = applied.get(batch) ?? {};
      waiters.tell(outcomes.map(({ uuid, answer }) => [uuid, answer] as const));
      for (const { status } of outcomes) metrics.settled.inc({ status });
    },
  });
}

async function save(settled: readonly PaymentSettled[], transaction: Transaction): Promise<SettledRows> {
  const terms = await readTerms(transaction, withTerms(settled));
  const rows = toRows(settled, terms);
  await insertOutcomes(transaction, rows.outcomes);
  await saveStates(settled, terms, transaction);
  await saveDisputes(settled, transaction);
  await freeMerchantRefundIds(transaction, rows.failedRefunds);
  await upsertBalances(transaction, rows.balances);
  await insertTransactions(transaction, rows.transactions);
  await upsertMerchantBalances(transaction, rows.merchantBalances);
  await insertMerchantTransactions(transaction, rows.merchantTransactions);
  await announce(
    transaction,
    rows.outcomes.map(({ uuid }) => uuid),
  );
  return rows;
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
