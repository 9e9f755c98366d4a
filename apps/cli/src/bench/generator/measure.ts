// Keeps the count of one generator job: what was accepted, what went wrong, and how long answers took.

import type { GeneratorAnswer } from './generator-jobs.ts';
import { percentileOf } from '../load/percentile.ts';

export interface Measure {
  /** Counts an answer to a single payment. */
  readonly answered: (status: number) => void;
  readonly took: (milliseconds: number) => void;
  readonly failed: (what: string) => void;
  /** Payments that a batch says were accepted, and how many of them are final. */
  readonly counted: (counts: { accepted: number; final: number }) => void;
  readonly finish: () => GeneratorAnswer;
}

export function startMeasure(): Measure {
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const latencies: number[] = [];
  const trouble = new Map<string, number>();
  let accepted = 0;
  let final = 0;
  const failed = (what: string): void => {
    trouble.set(what, (trouble.get(what) ?? 0) + 1);
  };
  return {
    answered: (status) => {
      if (status === 201) final += 1;
      if (status === 201 || status === 202) accepted += 1;
      else failed(String(status));
    },
    took: (milliseconds) => {
      latencies.push(milliseconds);
    },
    failed,
    counted: (counts) => {
      accepted += counts.accepted;
      final += counts.final;
    },
    finish: () => {
      const { user, system } = process.cpuUsage(cpuStart);
      const sorted = latencies.toSorted((a, b) => a - b);
      return {
        accepted,
        final,
        trouble: Object.fromEntries(trouble),
        seconds: (performance.now() - start) / 1e3,
        latencyMs: {
          p50: percentileOf(sorted, 0.5),
          p99: percentileOf(sorted, 0.99),
          max: sorted.at(-1) ?? null,
        },
        cpuSeconds: (user + system) / 1e6,
      };
    },
  };
}
