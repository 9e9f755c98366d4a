// Counts what became of the rows, and says it for people.

import { percentileOf } from './percentile.ts';

export interface LoadSummary {
  readonly rows: number;
  readonly customers: number;
  /** Customers given too little on purpose. */
  readonly customers_short: number;
  /** Rows the gateway took; each has its final outcome below. */
  readonly accepted: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly failed_by_reason: Readonly<Record<string, number>>;
  /** Rows the gateway refused by validation. */
  readonly refused: number;
  readonly refused_by_reason: Readonly<Record<string, number>>;
  /** Accepted rows that had been there already: nothing was charged again. */
  readonly replayed: number;
  /** Requests sent again after an overload, a lost connection or an answer that was not final. */
  readonly retries: number;
  /** Seconds for the purchases alone; customers and top-ups come before. */
  readonly seconds: number;
  readonly payments_per_second: number;
  /** From the first sending of a row to its final outcome. */
  readonly latency_ms: { readonly p50: number | null; readonly p99: number | null };
}

export interface Tally {
  succeeded: () => void;
  failed: (reason: string) => void;
  refused: (reason: string) => void;
  replayed: () => void;
  retried: (times: number) => void;
  latency: (milliseconds: number) => void;
  summarize: (about: { rows: number; customers: number; customersShort: number; seconds: number }) => LoadSummary;
}

export function createTally(): Tally {
  const counts = { succeeded: 0, failed: 0, refused: 0, replayed: 0, retries: 0 };
  const failedByReason = new Map<string, number>();
  const refusedByReason = new Map<string, number>();
  const latencies: number[] = [];
  return {
    succeeded: () => {
      counts.succeeded += 1;
    },
    failed: (reason) => {
      counts.failed += 1;
      increment(failedByReason, reason);
    },
    refused: (reason) => {
      counts.refused += 1;
      increment(refusedByReason, reason);
    },
    replayed: () => {
      counts.replayed += 1;
    },
    retried: (times) => {
      counts.retries += times;
    },
    latency: (milliseconds) => {
      latencies.push(milliseconds);
    },
    summarize: ({ rows, customers, customersShort, seconds }) => {
      const accepted = counts.succeeded + counts.failed;
      const sorted = latencies.toSorted((a, b) => a - b);
      return {
        rows,
        customers,
        customers_short: customersShort,
        accepted,
        succeeded: counts.succeeded,
        failed: counts.failed,
        failed_by_reason: sortedRecord(failedByReason),
        refused: counts.refused,
        refused_by_reason: sortedRecord(refusedByReason),
        replayed: counts.replayed,
        retries: counts.retries,
        seconds: round(seconds, 3),
        payments_per_second: seconds > 0 ? Math.round(accepted / seconds) : 0,
        latency_ms: {
          p50: roundOrNull(percentileOf(sorted, 0.5)),
          p99: roundOrNull(percentileOf(sorted, 0.99)),
        },
      };
    },
  };
}

/** The summary in lines of text. */
export function describeSummary(summary: LoadSummary): string[] {
  const { latency_ms: latency } = summary;
  const lines = [
    `accepted    ${count(summary.accepted)} of ${count(summary.rows)} rows, by ${count(summary.customers)} customers (${count(summary.customers_short)} of them without enough money)`,
    `succeeded   ${count(summary.succeeded)}`,
    `failed      ${count(summary.failed)}${reasons(summary.failed_by_reason)}`,
    `refused     ${count(summary.refused)}${reasons(summary.refused_by_reason)}`,
    `speed       ${count(summary.payments_per_second)} payments/s; to the final outcome p50 ${latency.p50 ?? '-'} ms, p99 ${latency.p99 ?? '-'} ms`,
  ];
  if (summary.replayed > 0)
    lines.push(`replayed    ${count(summary.replayed)} were there already; nothing was charged again`);
  if (summary.retries > 0) lines.push(`retries     ${count(summary.retries)}`);
  return lines;
}

function reasons(byReason: Readonly<Record<string, number>>): string {
  const parts = Object.entries(byReason).map(([reason, times]) => `${reason} ${count(times)}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function increment(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

function sortedRecord(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => a.localeCompare(b)));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value, 1);
}
