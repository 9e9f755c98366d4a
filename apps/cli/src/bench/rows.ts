// Says what a part of the benchmark gives: rows of named figures, the same for report, file and comparison.

import type { Counted } from './counters/counters.ts';
import { EVERYTHING_ELSE, stackCpuSeconds } from './counters/counters.ts';
import type { FigureName, ProcessFigureName } from './figures.ts';

/** One stretch that was measured. */
export interface Row {
  readonly name: string;
  /** Null where it could not be measured. */
  readonly figures: Readonly<Partial<Record<FigureName, number | null>>>;
  /** By process: its part of the same figures. */
  readonly processes: Readonly<Record<string, Readonly<Partial<Record<ProcessFigureName, number>>>>>;
  /** Requests to the broker per payment (idle: per second), by API. */
  readonly requests: Readonly<Record<string, number>>;
  /** Answers that were no payment, with how often they came. */
  readonly trouble: Readonly<Record<string, number>>;
  /** Why its figures are not to be trusted. */
  readonly doubts: readonly string[];
}

export interface PartResult {
  readonly part: string;
  readonly rows: readonly Row[];
}

/** A row of figures alone. */
export function figuresRow(name: string, figures: Row['figures']): Row {
  return { name, figures, processes: {}, requests: {}, trouble: {}, doubts: [] };
}

/** What one hot merchant gets through, of what the same load spread over all gets. */
export function withHotShare(hot: Row, uniform: Row): Row {
  const [ours, theirs] = [hot.figures['per_second'] ?? 0, uniform.figures['per_second'] ?? 0];
  return { ...hot, figures: { ...hot.figures, hot_share: theirs === 0 ? null : ours / theirs } };
}

/** Cores taken on average, by the stack and by what is not ours. */
export function coresOf(counted: Counted): Row['figures'] {
  return {
    cores: stackCpuSeconds(counted) / counted.seconds,
    other_programs_cores: (counted.cpuSeconds[EVERYTHING_ELSE] ?? 0) / counted.seconds,
  };
}

/** What was counted of requests, statements, commits and context switches, for each payment or second. */
export function countsPer(counted: Counted, divisor: number): Row['figures'] {
  const each = (count: number | null): number | null => (count === null || divisor === 0 ? null : count / divisor);
  return {
    requests: each(Object.values(counted.requests).reduce((sum, count) => sum + count, 0)),
    statements: each(counted.statements),
    commits: each(counted.commits),
    switches: each(counted.contextSwitches),
  };
}

export function requestsPer({ requests }: Counted, divisor: number): Row['requests'] {
  const counted = Object.entries(requests).filter(([, count]) => count > 0 && divisor > 0);
  return Object.fromEntries(counted.map(([api, count]) => [api, count / divisor]));
}

/** Cores and memory of each process of the stack. */
export function processesOf(counted: Counted, residentMb: Readonly<Record<string, number>>): Row['processes'] {
  const ours = Object.entries(counted.cpuSeconds).filter(([name]) => name !== EVERYTHING_ELSE);
  return Object.fromEntries(
    ours.map(([name, cpu]) => [
      name,
      {
        cores: cpu / counted.seconds,
        ...(residentMb[name] === undefined ? {} : { resident_mb: residentMb[name] }),
      },
    ]),
  );
}
