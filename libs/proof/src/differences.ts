// Owns the closed list of ways in which log and books can disagree, and keeps what was found within a bound.

import type { Place } from './rows.ts';

/** Differences of one kind kept in full; beyond it they are only counted, so that broken books cannot fill the memory. */
export const DIFFERENCES_KEPT_MAX = 1_000;

interface AtRecord {
  readonly partition: number;
  readonly offset: bigint;
}

interface OfOperation extends Place {
  readonly operationId: string;
}

/** What should be there, and what is. */
export interface Disagreement {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** A record by its place on the log. */
export interface LogPlace extends AtRecord {
  readonly topic: string;
}

/** A row that others are shown, by table and key. */
interface ViewRow {
  readonly table: string;
  readonly key: string;
}

export type Difference =
  | ({ readonly kind: 'record_unreadable'; readonly why: string } & LogPlace)
  | ({ readonly kind: 'record_misplaced'; readonly operationId: string; readonly why: string } & LogPlace)
  | ({ readonly kind: 'dead_letter_of_nothing' } & AtRecord)
  | ({ readonly kind: 'record_without_origin'; readonly operationId: string } & LogPlace)
  | ({ readonly kind: 'record_not_as_asked'; readonly operationId: string } & Disagreement & LogPlace)
  | ({ readonly kind: 'terms_wrong'; readonly operationId: string } & Disagreement & AtRecord)
  | { readonly kind: 'accepted_not_requested'; readonly operationId: string }
  | { readonly kind: 'accepted_dead_lettered'; readonly operationId: string }
  | { readonly kind: 'requested_not_processed'; readonly operationId: string }
  | { readonly kind: 'event_not_published'; readonly event: string }
  | { readonly kind: 'event_not_processed'; readonly event: string }
  | ({ readonly kind: 'lawful_dead_lettered'; readonly operationId: string; readonly status: string } & AtRecord)
  | ({ readonly kind: 'progressed_after_settled'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'books_behind_log'; readonly end: bigint } & AtRecord)
  | ({ readonly kind: 'books_beyond_log'; readonly cut: bigint } & AtRecord)
  | ({ readonly kind: 'books_older_than_published'; readonly published: bigint } & AtRecord)
  | ({ readonly kind: 'settled_beyond_log'; readonly operationId: string; readonly end: bigint } & AtRecord)
  | ({ readonly kind: 'record_without_decision'; readonly operationId: string | null } & AtRecord)
  | ({ readonly kind: 'first_record_not_taken'; readonly operationId: string; readonly takenOffset: bigint } & AtRecord)
  | ({ readonly kind: 'settled_without_record'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_twice'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_of_nothing'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_out_of_order'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_though_dead_lettered'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_though_unlawful'; readonly why: string } & OfOperation)
  | ({ readonly kind: 'decision_wrong'; readonly expected: string; readonly found: string } & OfOperation)
  | ({ readonly kind: 'price_wrong' } & Disagreement & OfOperation)
  | ({ readonly kind: 'settled_field_wrong' } & Disagreement & OfOperation)
  | ({ readonly kind: 'settled_balance_wrong'; readonly accountId: string } & Disagreement & OfOperation)
  | ({ readonly kind: 'settled_balance_missing'; readonly accountId: string } & OfOperation)
  | ({
      readonly kind: 'version_hole';
      readonly accountId: string;
      readonly expected: bigint;
      readonly found: bigint;
    } & OfOperation)
  | ({ readonly kind: 'operation_missing' } & OfOperation)
  | ({ readonly kind: 'operation_extra' } & OfOperation)
  | ({ readonly kind: 'operation_changed' } & Disagreement & OfOperation)
  | ({ readonly kind: 'posting_missing'; readonly line: number; readonly posting: string } & OfOperation)
  | ({ readonly kind: 'posting_extra'; readonly line: number; readonly posting: string } & Place)
  | ({ readonly kind: 'posting_changed'; readonly line: number } & Disagreement & OfOperation)
  | { readonly kind: 'account_missing'; readonly accountId: string; readonly expectedMinor: bigint }
  | { readonly kind: 'account_extra'; readonly accountId: string; readonly foundMinor: bigint }
  | ({ readonly kind: 'balance_wrong'; readonly accountId: string } & Disagreement)
  | { readonly kind: 'payment_missing'; readonly paymentId: string; readonly status: string }
  | { readonly kind: 'payment_extra'; readonly paymentId: string }
  | ({ readonly kind: 'payment_wrong'; readonly paymentId: string } & Disagreement)
  | { readonly kind: 'dispute_missing'; readonly disputeId: string; readonly status: string }
  | { readonly kind: 'dispute_extra'; readonly disputeId: string }
  | ({ readonly kind: 'dispute_wrong'; readonly disputeId: string } & Disagreement)
  | {
      readonly kind: 'correction_wrong';
      readonly ofOperationId: string;
      readonly expected: string | null;
      readonly found: string | null;
    }
  | { readonly kind: 'spend_missing'; readonly subject: string; readonly spend: string }
  | { readonly kind: 'spend_extra'; readonly subject: string; readonly spend: string }
  | { readonly kind: 'ledger_numbers_behind'; readonly next: bigint; readonly last: bigint }
  | ({ readonly kind: 'view_row_missing'; readonly expected: string } & ViewRow)
  | ({ readonly kind: 'view_row_extra'; readonly found: string } & ViewRow)
  | ({ readonly kind: 'view_row_wrong'; readonly expected: string; readonly found: string } & ViewRow)
  | { readonly kind: 'schema_wrong'; readonly object: string; readonly expected: string; readonly found: string }
  | { readonly kind: 'currency_sum_not_zero'; readonly currency: string; readonly sumMinor: bigint };

/** The fields that are not as they should be; values are said as text. */
export function* disagreements(
  fields: readonly (readonly [field: string, expected: unknown, found: unknown])[],
): Generator<Disagreement> {
  for (const [field, expected, found] of fields) {
    if (expected !== found) yield { field, expected: String(expected), found: String(found) };
  }
}

export interface Differences {
  readonly add: (difference: Difference) => void;
  /** How many were found, kept or not. */
  readonly count: () => number;
  /** How many of each kind were found, kept or not, by name. */
  readonly counts: () => Readonly<Record<string, number>>;
  /** Sorted by kind; of one kind in the order found. */
  readonly kept: () => readonly Difference[];
}

/** Collects differences: all are counted, the first `keptMax` of each kind are kept whole. */
export function createDifferences(keptMax: number = DIFFERENCES_KEPT_MAX): Differences {
  const byKind = new Map<string, { count: number; readonly kept: Difference[] }>();
  let count = 0;
  const sorted = () => [...byKind].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    add: (difference) => {
      count += 1;
      const { kind } = difference;
      const same = byKind.get(kind) ?? { count: 0, kept: [] };
      byKind.set(kind, same);
      same.count += 1;
      if (same.kept.length < keptMax) same.kept.push(difference);
    },
    count: () => count,
    counts: () => Object.fromEntries(sorted().map(([kind, same]) => [kind, same.count])),
    kept: () => sorted().flatMap(([, same]) => same.kept),
  };
}

/** What a report says of them. */
export function sumUp(differences: Differences) {
  return {
    differenceCount: differences.count(),
    differenceCounts: differences.counts(),
    differences: differences.kept(),
  };
}
