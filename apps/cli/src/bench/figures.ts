// Names every figure of the benchmark once: its title, how it is printed, and which way is better.

export interface Figure {
  readonly title: string;
  readonly digits: number;
  readonly better: 'less' | 'more' | null;
}

/** In the order of the table's columns. */
export const FIGURES = {
  per_second: { title: 'per s', digits: 0, better: 'more' },
  accepted_per_second: { title: 'accepted per s', digits: 0, better: 'more' },
  hot_share: { title: 'hot / uniform', digits: 2, better: 'more' },
  growth: { title: 'growth', digits: 2, better: 'less' },
  p50_ms: { title: 'p50 ms', digits: 0, better: 'less' },
  p90_ms: { title: 'p90 ms', digits: 0, better: 'less' },
  p99_ms: { title: 'p99 ms', digits: 0, better: 'less' },
  cpu_ms: { title: 'CPU ms', digits: 2, better: 'less' },
  cpu_with_idle_ms: { title: 'CPU ms, idle in it', digits: 2, better: 'less' },
  requests: { title: 'requests', digits: 1, better: 'less' },
  statements: { title: 'statements', digits: 1, better: 'less' },
  commits: { title: 'commits', digits: 1, better: 'less' },
  switches: { title: 'switches', digits: 0, better: 'less' },
  cores: { title: 'cores', digits: 2, better: null },
  generator_cores: { title: 'generator', digits: 2, better: null },
  other_programs_cores: { title: 'others', digits: 2, better: null },
  not_final: { title: 'not final', digits: 0, better: 'less' },
  operations: { title: 'operations', digits: 0, better: null },
  postings: { title: 'postings', digits: 0, better: null },
  differences: { title: 'differences', digits: 0, better: 'less' },
  seconds: { title: 's', digits: 1, better: 'less' },
} satisfies Record<string, Figure>;

export type FigureName = keyof typeof FIGURES;

/** What a process has of its own. */
export const PROCESS_FIGURES = {
  cpu_ms: { title: 'CPU ms per payment, idle taken off', digits: 2, better: 'less' },
  cores: { title: 'cores', digits: 2, better: 'less' },
  resident_mb: { title: 'resident MB', digits: 0, better: 'less' },
} satisfies Record<string, Figure>;

export type ProcessFigureName = keyof typeof PROCESS_FIGURES;
