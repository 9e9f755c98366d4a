// Owns the closed list of ways in which log and books can disagree, and keeps what was found within a bound.

import type { Place } from './inputs.ts';

/** Differences kept in full; beyond it they are only counted, so that broken books cannot fill the memory. */
export const DIFFERENCES_KEPT_MAX = 1_000;

interface AtRecord {
  readonly partition: number;
  readonly offset: bigint;
}

interface OfOperation extends Place {
  readonly operationId: string;
}

interface Disagreement {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

export type Difference =
  | ({ readonly kind: 'record_without_decision'; readonly operationId: string | null } & AtRecord)
  | ({ readonly kind: 'first_record_not_taken'; readonly operationId: string; readonly takenOffset: bigint } & AtRecord)
  | ({ readonly kind: 'settled_without_record'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_twice'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_out_of_order'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_though_dead_lettered'; readonly operationId: string } & AtRecord)
  | ({ readonly kind: 'settled_though_unlawful'; readonly why: string } & OfOperation)
  | ({ readonly kind: 'decision_wrong'; readonly expected: string; readonly found: string } & OfOperation)
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
  | {
      readonly kind: 'balance_wrong';
      readonly accountId: string;
      readonly field: 'posted' | 'held' | 'version';
      readonly expected: bigint;
      readonly found: bigint;
    }
  | { readonly kind: 'currency_sum_not_zero'; readonly currency: string; readonly sumMinor: bigint };

export interface Differences {
  readonly add: (difference: Difference) => void;
  /** How many were found, kept or not. */
  readonly count: () => number;
  readonly kept: readonly Difference[];
}

/** Collects differences: all are counted, the first `keptMax` are kept whole. */
export function createDifferences(keptMax: number = DIFFERENCES_KEPT_MAX): Differences {
  const kept: Difference[] = [];
  let count = 0;
  return {
    add: (difference) => {
      count += 1;
      if (kept.length < keptMax) kept.push(difference);
    },
    count: () => count,
    kept,
  };
}
