// Keeps the count of a generator's job, slice by slice: what was accepted, what went wrong, and how long answers took.

import { percentileOf } from '../../load/percentile.ts';
import type { GeneratorAnswer } from './generator-jobs.ts';

export interface Measure {
  /** Counts an answer to a single payment. */
  readonly answered: (status: number) => void;
  readonly took: (milliseconds: number) => void;
  readonly failed: (what: string) => void;
  /** What was counted since the last slice; the next one begins. */
  readonly slice: () => GeneratorAnswer;
}

interface Counts {
  readonly startMs: number;
  readonly cpuStart: NodeJS.CpuUsage;
  readonly latencies: number[];
  readonly trouble: Map<string, number>;
  accepted: number;
  final: number;
}

export function startMeasure(): Measure {
  let counts = newCounts();
  const failed = (what: string): void => {
    counts.trouble.set(what, (counts.trouble.get(what) ?? 0) + 1);
  };
  return {
    answered: (status) => {
      if (status === 201) counts.final += 1;
      if (status === 201 || status === 202) counts.accepted += 1;
      else failed(String(status));
    },
    took: (milliseconds) => {
      counts.latencies.push(milliseconds);
    },
    failed,
    slice: () => {
      const answer = describe(counts);
      counts = newCounts();
      return answer;
    },
  };
}

function newCounts(): Counts {
  return {
    startMs: performance.now(),
    cpuStart: process.cpuUsage(),
    latencies: [],
    trouble: new Map(),
    accepted: 0,
    final: 0,
  };
}

function describe({ startMs, cpuStart, latencies, trouble, accepted, final }: Counts): GeneratorAnswer {
  const { user, system } = process.cpuUsage(cpuStart);
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    accepted,
    final,
    trouble: Object.fromEntries(trouble),
    seconds: (performance.now() - startMs) / 1e3,
    latencyMs: {
      p50: percentileOf(sorted, 0.5),
      p90: percentileOf(sorted, 0.9),
      p99: percentileOf(sorted, 0.99),
      max: sorted.at(-1) ?? null,
    },
    cpuSeconds: (user + system) / 1e6,
  };
}
