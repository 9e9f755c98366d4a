// Remembers what customers spent lately at merchants whose rules count it, no longer than the longest window there may be.

/** 30 days: the longest window of a rule. */
export const WINDOW_SECONDS_MAX = 2_592_000n;

const MICROS_PER_SECOND = 1_000_000n;
/** Records may come a little out of the order of their times, so what is forgotten is a day older than any window. */
export const KEPT_MICROS_MAX = (WINDOW_SECONDS_MAX + 86_400n) * MICROS_PER_SECOND;

/** Spends between two looks for subjects that have not been heard of since. */
const SWEEP_SPENDS = 10_000;

/** Who spends where: the limits of one merchant upon one customer. */
export interface Subject {
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
}

export interface Spend {
  /** Microseconds since the epoch. */
  readonly requestedAt: bigint;
  readonly currency: string;
  readonly amountMinor: bigint;
}

export interface Spends {
  /** Earlier spends with `requestedAt` in (until − window, until]. */
  readonly within: (subject: Subject, until: bigint, windowSeconds: bigint) => readonly Spend[];
  readonly add: (subject: Subject, spend: Spend) => void;
  /** What is remembered, by `environment:merchant:customer`. */
  readonly entries: () => IterableIterator<[subject: string, spends: Spend[]]>;
  /** What was spent before it may be forgotten. */
  readonly horizon: () => bigint;
}

export function createSpends(): Spends {
  const bySubject = new Map<string, Spend[]>();
  let newest = 0n;
  let untilSweep = SWEEP_SPENDS;

  const sweep = (): void => {
    for (const [key, spends] of bySubject) {
      const kept = spends.filter(({ requestedAt }) => requestedAt > newest - KEPT_MICROS_MAX);
      if (kept.length === 0) bySubject.delete(key);
      else bySubject.set(key, kept);
    }
    untilSweep = SWEEP_SPENDS;
  };

  return {
    within: (subject, until, windowSeconds) => {
      const after = until - windowSeconds * MICROS_PER_SECOND;
      const spends = bySubject.get(keyOf(subject)) ?? [];
      return spends.filter(({ requestedAt }) => requestedAt > after && requestedAt <= until);
    },
    add: (subject, spend) => {
      const spends = bySubject.get(keyOf(subject));
      if (spends === undefined) bySubject.set(keyOf(subject), [spend]);
      else spends.push(spend);
      if (spend.requestedAt > newest) newest = spend.requestedAt;
      untilSweep -= 1;
      if (untilSweep === 0) sweep();
    },
    entries: () => bySubject.entries(),
    horizon: () => newest - KEPT_MICROS_MAX,
  };
}

function keyOf({ environment, merchantId, customerId }: Subject): string {
  return `${environment}:${merchantId}:${customerId}`;
}
