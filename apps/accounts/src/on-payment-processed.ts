// Turns a batch of payment.processed into books: read, load under locks, decide, save, in the transaction of its offset.
import { insertOutgoing } from '@paystream/database';
import { foldBatch } from '@paystream/ledger';
import type { ApplyHandlers } from '@paystream/messaging';
import { endIfStopped } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import { createKnownAccounts } from './known-accounts.ts';
import { loadState, prepareBatch } from './load-state.ts';
import type { AccountsMetrics } from './metrics.ts';
import { countDecisions } from './metrics.ts';
import { deadLetterEvent } from './publish/dead-letter-event.ts';
import { readRecord, TOPIC } from './read-record.ts';
import type { SaveOptions } from './save-batch.ts';
import { saveBatch } from './save-batch.ts';
import { AccountsMissingError } from './store/lock-accounts.ts';

/**
 * How accounts applies records. The offset moves in the statement that saves; a batch that cannot be saved the messaging
 * room halves, down to the one record at fault.
 */
export function createOnPaymentProcessed(
  options: SaveOptions & { metrics: AccountsMetrics },
): Pick<ApplyHandlers, 'apply' | 'applyPoison'> {
  const { codec, metrics } = options;
  const known = createKnownAccounts();
  return {
    apply: async (batch, move, database) => {
      const startMs = performance.now();
      const { partition, records } = batch;
      const read = records.map((record) => readRecord(record, codec));
      const toLoad = await prepareBatch(database, { partition, readings: read.map(({ reading }) => reading), known });
      try {
        return await database.transactionWithRetry(async (transaction) => {
          const { place, state } = await loadState(transaction, toLoad);
          const folded = foldBatch(state, toLoad.readings);
          const stored = await saveBatch(transaction, { move, read, state, place, folded }, options);
          endIfStopped(batch);
          countDecisions(metrics, folded);
          metrics.batchSeconds.observe((performance.now() - startMs) / 1_000);
          metrics.batchRecords.observe(records.length);
          faultPoint('messaging.before_database_commit');
          return stored;
        });
      } catch (error) {
        if (error instanceof AccountsMissingError) known.forget();
        throw error;
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
