// Turns a batch of payment.processed into books: read, load under locks, decide, save, in the transaction of its offset.
import type { CommittingTransaction, Database } from '@paystream/database';
import { InvariantError, classifyError, insertOutgoing, sqlStateOf } from '@paystream/database';
import { foldBatch } from '@paystream/ledger';
import type { ApplyHandlers } from '@paystream/messaging';
import type { Logger } from '@paystream/telemetry';
import { createKnownAccounts } from './known-accounts.ts';
import { loadState, prepareBatch } from './load-state.ts';
import type { AccountsMetrics } from './metrics.ts';
import { countDecisions } from './metrics.ts';
import { deadLetterEvent } from './publish/dead-letter-event.ts';
import { readRecord, TOPIC } from './read-record.ts';
import type { SaveOptions } from './save-batch.ts';
import { saveBatch } from './save-batch.ts';
import { advanceLedgerNumbers } from './store/advance-ledger-numbers.ts';
import { LedgerNumbersBehindError } from './store/draw-ledger-number.ts';
import { AccountsMissingError } from './store/lock-accounts.ts';

/**
 * How accounts applies records. The offset moves in the statement that saves; a batch that cannot be saved the messaging
 * room halves, down to the one record. A value that no column holds is that record's fault, and it is put aside; whatever
 * else keeps it from being saved is not, and the partition waits before it.
 */
export function createOnPaymentProcessed(
  options: SaveOptions & { metrics: AccountsMetrics; logger: Logger },
): Pick<ApplyHandlers, 'apply' | 'applyPoison'> {
  const { codec, metrics } = options;
  const known = createKnownAccounts();
  return {
    apply: async (batch, move, database) => {
      const startMs = performance.now();
      const { partition, records } = batch;
      const read = records.map((record) => readRecord(record, codec));
      try {
        const toLoad = await prepareBatch(database, { partition, readings: read.map(({ reading }) => reading), known });
        const work = async (transaction: CommittingTransaction) => {
          const { place, state } = await loadState(transaction, toLoad);
          const folded = foldBatch(state, toLoad.readings);
          const stored = await saveBatch(transaction, { batch, move, read, state, place, folded }, options);
          countDecisions(metrics, folded);
          metrics.batchSeconds.observe((performance.now() - startMs) / 1_000);
          metrics.batchRecords.observe(records.length);
          return stored;
        };
        return await database.transactionWithRetry(work, { readsFirst: true });
      } catch (error) {
        if (error instanceof AccountsMissingError) known.forget();
        if (error instanceof LedgerNumbersBehindError) await mendLedgerNumbers(database, error, options);
        throw asFaultOfBooks(error);
      }
    },
    applyPoison: async (record, error, transaction) => {
      const events = [deadLetterEvent(record, { class: 'permanent', reason: 'it cannot be saved', error })];
      await insertOutgoing(transaction, { inputTopic: TOPIC, inputPartition: record.partition, events });
      metrics.deadLetters.inc({ reason: 'unsaveable' });
      return events;
    },
  };
}

async function mendLedgerNumbers(
  database: Database,
  error: LedgerNumbersBehindError,
  { metrics, logger }: { metrics: AccountsMetrics; logger: Logger },
): Promise<void> {
  const standsAt = await advanceLedgerNumbers(database);
  metrics.ledgerNumbersMended.inc();
  logger.error({ err: error, standsAt }, 'the sequence ledger_numbers was behind the books, and is mended');
}

/** A record that was read as legal cannot make the code fail: where it does, the code is wrong, or the books are. */
function asFaultOfBooks(error: unknown): unknown {
  if (classifyError(error) !== 'data' || sqlStateOf(error) !== null) return error;
  return new InvariantError('a legal record could not be decided and saved', { cause: error });
}
