// Runs the chosen parts of the benchmark on a stack of its own, one after the other.

import type { CliContext } from '../context.ts';
import { openBench } from './bench.ts';
import type { Part } from './parts/parts.ts';
import type { PartResult, Row } from './rows.ts';
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
  /** Told of each part when it is measured, so that a run that fails late has not been for nothing. */
  readonly onPart: (result: PartResult) => void;
}

/** Everything it starts is stopped, and its data dropped, however it ends. Ctrl-C ends it within a part. */
export async function runBench(options: BenchOptions): Promise<void> {
  const { context, settings, parts, say, signal } = options;
  for (const { name, what, runAlone } of parts) {
    if (runAlone !== null) await runPart(options, { name, what }, () => runAlone(context, signal));
  }
  if (parts.every(({ run }) => run === null)) return;
  say('Starting a stack for the benchmark alone …');
  const stack = await startBenchStack({ context, partitions: settings.partitions, signal });
  try {
    await measureOn(stack, options);
  } finally {
    say('Stopping, and dropping the benchmark’s data …');
    await stack.stop();
  }
}

async function measureOn(stack: BenchStack, options: BenchOptions): Promise<void> {
  const { settings, parts, say, signal } = options;
  await stack.start();
  say(`Creating ${settings.merchants + 1} merchants and ${2 * settings.customers} customers with money …`);
  const bench = await openBench({ stack, settings, signal });
  try {
    say('Warming up …');
    await warmUp(bench);
    await rest(bench);
    for (const { name, what, run } of parts) {
      if (run !== null) await runPart(options, { name, what }, () => run(bench));
    }
  } finally {
    await bench.close();
  }
}

async function runPart(
  { say, signal, onPart }: BenchOptions,
  { name, what }: Pick<Part, 'name' | 'what'>,
  run: () => Promise<Row[]>,
): Promise<void> {
  signal.throwIfAborted();
  say(`${name}: ${what} …`);
  onPart({ part: name, rows: await run() });
}
