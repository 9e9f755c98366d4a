// Measures which process used how much of the machine during a stretch of work.

import { cpus } from 'node:os';
import { processorSeconds } from './processor-time.ts';

/** Whatever ran on the machine and was not ours: figures are only as good as this is small. */
export const EVERYTHING_ELSE = 'everything else';

/** Cores used on average, by process name: 1 is one core all the time. */
export type ProcessorUse = Readonly<Record<string, number>>;

/** Runs `work`; what it used is measured over the processes that run at its start. */
export async function measureUse<Result>(
  pids: Readonly<Record<string, number>>,
  work: () => Promise<Result>,
): Promise<{ result: Result; seconds: number; use: ProcessorUse }> {
  const before = await readUse(pids);
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1_000;
  const after = await readUse(pids);
  const used = Object.keys(after).map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / seconds] as const);
  return { result, seconds, use: Object.fromEntries(used) };
}

/** Seconds used so far by each process, and by all that neither we nor any process of ours are. */
async function readUse(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const { ours = 0, ...each } = await processorSeconds({ ...pids, ours: process.pid });
  const machine = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1_000;
  return { ...each, [EVERYTHING_ELSE]: machine - ours };
}
