// Runs the chosen parts of the benchmark on a stack of its own, one after the other.

import type { CliContext } from '../context.ts';
import type { Bench } from './bench.ts';
import { openBench } from './bench.ts';
import type { Part } from './parts/parts.ts';
import type { Versions } from './results.ts';
import type { PartResult } from './rows.ts';
import type { Settings } from './settings.ts';
import type { BenchStack } from './stack/bench-stack.ts';
import { startBenchStack } from './stack/bench-stack.ts';
import { rest, warmUp } from './steady-load.ts';

export interface BenchOptions {
  readonly context: CliContext;
  readonly settings: Settings;
  readonly parts: readonly Part[];
  /** Says what is being done, for the minutes it takes. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface BenchRun {
  readonly results: readonly PartResult[];
  readonly versions: Versions;
}

/** Everything it starts is stopped, and its data dropped, however it ends. Ctrl-C ends it between two parts. */
export async function runBench(options: BenchOptions): Promise<BenchRun> {
  const { context, settings, parts, say, signal } = options;
  const results: PartResult[] = [];
  for (const { name, what, runAlone } of parts) {
    if (runAlone === null) continue;
    signal.throwIfAborted();
    say(`${name}: ${what} …`);
    results.push({ part: name, rows: await runAlone(context, signal) });
  }
  say('Starting a stack for the benchmark alone …');
  const stack = await startBenchStack({ context, partitions: settings.partitions, signal });
  try {
    const { versions, results: onStack } = await measureOn(stack, options);
    return { versions, results: [...results, ...onStack] };
  } finally {
    say('Stopping, and dropping the benchmark’s data …');
    await stack.stop();
  }
}

async function measureOn(stack: BenchStack, options: BenchOptions): Promise<BenchRun> {
  const { settings, say, signal } = options;
  await stack.start();
  say(`Creating ${settings.merchants + 1} merchants and ${2 * settings.customers} customers with money …`);
  const bench = await openBench(stack, settings);
  try {
    signal.throwIfAborted();
    say('Warming up …');
    await warmUp(bench);
    await rest(bench);
    return { results: await measureParts(bench, options), versions: await bench.versions() };
  } finally {
    await bench.close();
  }
}

async function measureParts(bench: Bench, { parts, say, signal }: BenchOptions): Promise<PartResult[]> {
  const results: PartResult[] = [];
  for (const { name, what, run } of parts) {
    if (run === null) continue;
    signal.throwIfAborted();
    say(`${name}: ${what} …`);
    results.push({ part: name, rows: await run(bench, signal) });
  }
  return results;
}
