// Turns a batch of payment.processed into books: read, load under locks, decide, save, in the transaction of its offset.
import { insertOutgoing } from '@paystream/database';
import { foldBatch } from '@paystream/ledger';
import type { ApplyHandlers } from '@paystream/messaging';
import { inTransaction } from '@paystream/messaging';
import { loadState } from './load-state.ts';
import type { AccountsMetrics } from './metrics.ts';
import { countDecisions } from './metrics.ts';
import { deadLetterEvent } from './publish/dead-letter-event.ts';
import { readRecord, TOPIC } from './read-record.ts';
import type { SaveOptions } from './save-batch.ts';
import { saveBatch } from './save-batch.ts';

/**
 * How accounts applies records. The messaging room locks the partition's offset row before and moves it after, in the same
 * transaction; a batch that cannot be saved it halves, down to the one record at fault.
 */
export function createOnPaymentProcessed(
  options: SaveOptions & { metrics: AccountsMetrics },
): Pick<ApplyHandlers, 'apply' | 'applyPoison'> {
  const { codec, metrics } = options;
  return {
    apply: inTransaction(async ({ partition, records }, transaction) => {
      const startMs = performance.now();
      const read = records.map((record) => readRecord(record, codec));
      const readings = read.map(({ reading }) => reading);
      const { place, state } = await loadState(transaction, { partition, readings });
      const folded = foldBatch(state, readings);
      const stored = await saveBatch(transaction, { partition, read, state, place, folded }, options);
      countDecisions(metrics, folded);
      metrics.batchSeconds.observe((performance.now() - startMs) / 1_000);
      metrics.batchRecords.observe(records.length);
      return stored;
    }),
    applyPoison: async (record, error, transaction) => {
      const events = [deadLetterEvent(record, { class: 'permanent', reason: 'it cannot be saved', error })];
      await insertOutgoing(transaction, { inputTopic: TOPIC, inputPartition: record.partition, events });
      metrics.deadLetters.inc({ reason: 'unsaveable' });
      return events;
    },
  };
}
