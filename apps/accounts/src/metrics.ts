// Names what accounts counts, and counts what a batch decided.
import type { FoldedBatch } from '@paystream/ledger';
import type { Counter, Histogram, Metrics } from '@paystream/telemetry';

export interface AccountsMetrics {
  /** First records of operations, by what became of them. */
  decisions: Counter;
  /** Records whose operation had been decided before. */
  duplicates: Counter;
  /** Records put aside. */
  deadLetters: Counter;
  /** How often the sequence of ledger numbers was behind the books. */
  ledgerNumbersMended: Counter;
  batchSeconds: Histogram;
  batchRecords: Histogram;
}

const BATCH_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];

export function createAccountsMetrics(metrics: Metrics): AccountsMetrics {
  return {
    decisions: metrics.counter('accounts_decisions_total', 'Operations decided, by outcome.', ['operation', 'outcome']),
    duplicates: metrics.counter('accounts_duplicates_total', 'Records of operations decided before.'),
    deadLetters: metrics.counter('accounts_dead_letters_total', 'Records put aside, by kind of reason.', ['reason']),
    ledgerNumbersMended: metrics.counter(
      'accounts_ledger_numbers_mended_total',
      'Times the sequence of ledger numbers was behind the books and was brought before them.',
    ),
    batchSeconds: metrics.histogram('accounts_batch_duration_seconds', 'Time from reading a batch to having saved it.'),
    batchRecords: metrics.histogram('accounts_batch_records', 'Records in a batch.', [], BATCH_BUCKETS),
  };
}

/** Counts a batch's decisions; a batch that is rolled back and comes again is counted again. */
export function countDecisions({ decisions, duplicates, deadLetters }: AccountsMetrics, folded: FoldedBatch): void {
  for (const decision of folded.decisions) {
    if (decision.kind === 'duplicate') duplicates.inc();
    else if (decision.kind === 'rejected') deadLetters.inc({ reason: 'rejected' });
    else decisions.inc({ operation: decision.asked.operation, outcome: decision.outcome });
  }
}
