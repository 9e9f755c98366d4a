// Measures which process used how much of the machine during a stretch of work.

import { processorSeconds } from './processor-time.ts';

/** Cores used on average, by process name: 1 is one core all the time. */
export type ProcessorUse = Readonly<Record<string, number>>;

/** Runs `work`; what it used is measured over the processes that run at its start. */
export async function measureUse<Result>(
  pids: Readonly<Record<string, number>>,
  work: () => Promise<Result>,
): Promise<{ result: Result; seconds: number; use: ProcessorUse }> {
  const before = await processorSeconds(pids);
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1_000;
  const after = await processorSeconds(pids);
  const used = Object.keys(pids).map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / seconds] as const);
  return { result, seconds, use: Object.fromEntries(used) };
}
