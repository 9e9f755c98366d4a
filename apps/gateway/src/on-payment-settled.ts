// Follows payment.settled: freezes answers, keeps balances and transactions, and wakes who waits; all in one transaction.
import type { Database, Transaction } from '@paystream/database';
import type { Batch, Codec, Consumer, IncomingRecord, Messaging, Publisher } from '@paystream/messaging';
import { deadLetter } from '@paystream/messaging';
import type { PaymentSettled } from '@paystream/topics';
import type { GatewayMetrics } from './metrics.ts';
import type { SettledRows } from './outcomes.ts';
import { faultOf, toRows } from './outcomes.ts';
import { PRODUCER_VERSION } from './publish/source.ts';
import { insertOutcomes } from './store/insert-outcomes.ts';
import { insertTransactions } from './store/insert-transactions.ts';
import { upsertBalances } from './store/upsert-balances.ts';
import { announce } from './waiting/announcements.ts';
import type { Waiters } from './waiting/waiters.ts';

const TOPIC = 'payment.settled';
const STATUS_GROUP = 'gateway-status';
const READER = 'gateway';

export interface OnPaymentSettledOptions {
  messaging: Messaging;
  database: Database;
  waiters: Waiters;
  /** For dead letters, which are rare. */
  publisher: Publisher;
  metrics: GatewayMetrics;
}

export function consumePaymentSettled(options: OnPaymentSettledOptions): Promise<Consumer> {
  const { messaging, database, waiters, publisher, metrics } = options;
  // What `apply` has worked out, for its own commit: a batch that is tried again is worked out again.
  const applied = new WeakMap<Batch, SettledRows>();
  const putAside = createPuttingAside(publisher);
  return messaging.consumeIntoDatabase({
    groupId: STATUS_GROUP,
    topic: TOPIC,
    database,
    apply: async (batch, transaction) => {
      const { settled, deadLetters } = read(batch.records, messaging.codec);
      await putAside(deadLetters);
      const rows = toRows(settled);
      await save(rows, transaction);
      applied.set(batch, rows);
    },
    applyPoison: async (record, error) => {
      await putAside([toDeadLetter(record, { class: 'permanent', reason: 'it cannot be stored', error })]);
    },
    afterCommit: (batch) => {
      const { outcomes = [] } = applied.get(batch) ?? {};
      waiters.tell(outcomes.map(({ uuid, answer }) => [uuid, answer] as const));
      for (const { status } of outcomes) metrics.settled.inc({ status });
    },
  });
}

async function save({ outcomes, balances, transactions }: SettledRows, transaction: Transaction): Promise<void> {
  await insertOutcomes(transaction, outcomes);
  await upsertBalances(transaction, balances);
  await insertTransactions(transaction, transactions);
  await announce(
    transaction,
    outcomes.map(({ uuid }) => uuid),
  );
}

/** Records remembered as put aside: more than any batch that may be tried again holds. */
const REMEMBERED_MAX = 10_000;

/**
 * Publishes dead letters before the commit that passes them by, so that none is lost. A batch that is tried again, or
 * halved, publishes none twice; only a crash in between can.
 */
function createPuttingAside(publisher: Publisher): (deadLetters: readonly DeadLetter[]) => Promise<void> {
  let done = new Set<string>();
  const nameOf = ({ headers }: DeadLetter) => `${String(headers['dlq_partition'])}:${String(headers['dlq_offset'])}`;
  return async (deadLetters) => {
    const fresh = deadLetters.filter((letter) => !done.has(nameOf(letter)));
    if (fresh.length === 0) return;
    await publisher.publish(fresh);
    if (done.size > REMEMBERED_MAX) done = new Set();
    for (const letter of fresh) done.add(nameOf(letter));
  };
}

type DeadLetter = ReturnType<typeof deadLetter>;

function read(
  records: readonly IncomingRecord[],
  codec: Codec,
): { settled: PaymentSettled[]; deadLetters: DeadLetter[] } {
  const settled: PaymentSettled[] = [];
  const deadLetters: DeadLetter[] = [];
  for (const record of records) {
    const decoded = codec.decode(TOPIC, record.value);
    const fault = decoded.ok ? faultOf(decoded.value) : undefined;
    if (!decoded.ok) deadLetters.push(toDeadLetter(record, decoded));
    else if (fault !== undefined) deadLetters.push(toDeadLetter(record, { class: 'permanent', reason: fault }));
    else settled.push(decoded.value);
  }
  return { settled, deadLetters };
}

interface Why {
  class: 'permanent' | 'poison' | 'schema';
  reason: string;
  error?: unknown;
}

function toDeadLetter(record: IncomingRecord, { class: kind, reason, error }: Why): DeadLetter {
  return deadLetter(record, { reader: READER, class: kind, reason, error, consumerVersion: PRODUCER_VERSION });
}
