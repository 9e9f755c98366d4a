// `paystream bench`: measures this machine with a stack of its own, part by part, and keeps what it measured.

import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { chooseParts, PARTS } from '../bench/parts/parts.ts';
import type { Part } from '../bench/parts/parts.ts';
import { describeComparison } from '../bench/report/compare.ts';
import { describeReport } from '../bench/report/report.ts';
import type { BenchResult } from '../bench/results.ts';
import { describeRun, keepResult, readResult } from '../bench/results.ts';
import type { PartResult } from '../bench/rows.ts';
import { runBench } from '../bench/run-bench.ts';
import { SLICES_MAX, SLICE_SECONDS } from '../bench/steady-load.ts';
import { SPREAD_MAX, STEADY_SLICES } from '../bench/steady.ts';
import { FULL_SETTINGS, QUICK_SETTINGS } from '../bench/settings.ts';
import type { Settings } from '../bench/settings.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../context.ts';
import { withInterrupt } from '../interrupt.ts';

const EXIT_NOT_PROVED = 1;

interface Options {
  readonly only?: readonly Part[];
  readonly seconds?: number;
  readonly rates?: readonly number[];
  readonly partitions?: number;
  readonly growth?: number;
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly compare?: string;
  readonly with?: string;
}

export function registerBench(program: Command, context: CliContext): void {
  program
    .command('bench')
    .description('measure this machine: payments per second, backlog, latency, next to what it could do at best')
    .option('--only <parts>', 'measure these parts alone, separated by commas', parseParts)
    .option('--seconds <n>', 'how long each stretch is measured, once it has settled', parseCount)
    .option('--rates <list>', 'payments per second of the ladder, separated by commas', parseCounts)
    .option('--partitions <n>', 'partitions of the topics of payments', parseCount)
    .option('--growth <n>', 'payments in the books when `growth` calls them full', parseCount)
    .option('--quick', 'shorter stretches, and figures that vary more')
    .option('--json', 'print the result as JSON')
    .option('--compare <file>', 'print the run beside a kept result, as ratios')
    .option('--with <file>', 'compare with this result, and run nothing')
    .addHelpText('after', HELP)
    .action((options: Options) => bench(context, options));
}

const HELP = `
Parts, in this order:
${PARTS.map(({ name, what }) => `  ${name.padEnd(10)}${what}`).join('\n')}

It starts services and apps of its own on free ports, and drops their data at the end: nothing that runs is touched.
Stop what else runs on the machine first (\`npx paystream down\`), or the figures are wrong. Most parts take a minute,
ladder and waiting about three, growth the longest: it fills the books with a million payments.

A load of ladder, waiting and growth counts once it has settled: when what a payment costs differs by at most ${SPREAD_MAX * 100} %
over ${STEADY_SLICES} slices of ${SLICE_SECONDS} s in a row, at the latest after ${SLICES_MAX} slices. "CPU ms" is the processor time of all processes but
the generator, per payment, less what the idle stack takes; requests to the broker are counted by our clients, SQL
statements and commits by the database.

Each result is kept in bench/results; bench/README.md says how to read and compare them. Unless --only leaves the proof
out, the books of the benchmark itself are proved at the end: a difference makes it exit with 1.

Examples:
  $ npx paystream bench
  $ npx paystream bench --only ladder --rates 50 --seconds 20
  $ npx paystream bench --quick --json
  $ npx paystream bench --only ladder --compare bench/results/BEFORE.json
  $ npx paystream bench --compare bench/results/BEFORE.json --with bench/results/AFTER.json
`;

async function bench(context: CliContext, options: Options): Promise<void> {
  const before = options.compare === undefined ? null : await readResult(options.compare);
  if (options.with !== undefined) {
    if (before === null) throw new CliError('--with compares with the result that --compare names.');
    return print(context, options, { before, after: await readResult(options.with) });
  }
  const after = await measure(context, options);
  print(context, options, { before, after });
  const differences = after.parts.flatMap(({ rows }) => rows.map(({ figures }) => figures['differences'] ?? 0));
  if (differences.some((count) => count > 0)) process.exitCode = EXIT_NOT_PROVED;
}

async function measure(context: CliContext, options: Options): Promise<BenchResult> {
  const { projectFolder } = context;
  const settings = settingsOf(options);
  const parts: PartResult[] = [];
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const keep = async (): Promise<BenchResult> => {
    const result = await describeRun({ projectFolder, settings, parts });
    say(`Kept as ${await keepResult(projectFolder, result)}`);
    return result;
  };
  const run = { context, settings, parts: options.only ?? PARTS, say, onPart: (part: PartResult) => parts.push(part) };
  try {
    await withInterrupt((signal) => runBench({ ...run, signal }));
  } catch (error) {
    if (parts.length > 0) await keep();
    throw error;
  }
  return keep();
}

interface Shown {
  readonly before: BenchResult | null;
  readonly after: BenchResult;
}

function print(context: CliContext, { json, with: other }: Options, { before, after }: Shown): void {
  if (json === true) return context.json(before === null ? after : { before, after });
  const lines = other === undefined ? describeReport(after, context.colours) : [];
  if (before !== null) lines.push('', ...describeComparison(before, after, context.colours));
  for (const line of lines) context.out(line);
}

function settingsOf({ quick, seconds, rates, partitions, growth }: Options): Settings {
  const settings = quick === true ? QUICK_SETTINGS : FULL_SETTINGS;
  return {
    ...settings,
    ...(seconds === undefined ? {} : { seconds }),
    ...(rates === undefined ? {} : { rates }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(growth === undefined ? {} : { growthPayments: growth }),
  };
}

function parseParts(text: string): readonly Part[] {
  const parts = chooseParts(text.split(','));
  if (parts !== null) return parts;
  throw new InvalidArgumentError(`There are: ${PARTS.map(({ name }) => name).join(', ')}.`);
}

function parseCounts(text: string): readonly number[] {
  return text.split(',').map(parseCount);
}

function parseCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
