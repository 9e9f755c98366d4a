// `paystream bench`: measures this machine with a stack of its own, part by part, and keeps what it measured.

import type { Command } from 'commander';
import { chooseParts, PARTS } from '../bench/parts/parts.ts';
import { describeComparison } from '../bench/report/compare.ts';
import { describeReport } from '../bench/report/report.ts';
import type { BenchResult } from '../bench/results.ts';
import { describeRun, keepResult, readResult } from '../bench/results.ts';
import { runBench } from '../bench/run-bench.ts';
import { FULL_SETTINGS, QUICK_SETTINGS } from '../bench/settings.ts';
import type { Settings } from '../bench/settings.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../context.ts';
import { withInterrupt } from '../interrupt.ts';

const EXIT_NOT_PROVED = 1;

interface Options {
  readonly only?: string;
  readonly seconds?: string;
  readonly rates?: string;
  readonly partitions?: string;
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly compare?: string;
  readonly with?: string;
}

export function registerBench(program: Command, context: CliContext): void {
  program
    .command('bench')
    .description('measure this machine: payments per second, backlog, latency, next to what it could do at best')
    .option('--only <parts>', 'measure these parts alone, separated by commas')
    .option('--seconds <n>', 'how long each stretch is measured, once it has settled')
    .option('--rates <list>', 'payments per second of the ladder, separated by commas')
    .option('--partitions <n>', 'partitions of the topics of payments')
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
Stop what else runs on the machine first (\`npx paystream down\`), or the figures are too low.
At the end the books of the benchmark itself are proved; a difference makes it exit with 1.

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

async function measure({ projectFolder, ...context }: CliContext, options: Options): Promise<BenchResult> {
  const settings = settingsOf(options);
  const parts = chooseParts(options.only?.split(',') ?? PARTS.map(({ name }) => name));
  if (parts === null) throw new CliError(`--only takes parts among ${PARTS.map(({ name }) => name).join(', ')}.`);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { results, versions } = await withInterrupt((signal) =>
    runBench({ context: { projectFolder, ...context }, settings, parts, say, signal }),
  );
  const result = await describeRun({ projectFolder, settings, versions, parts: results });
  say(`Kept as ${await keepResult(projectFolder, result)}`);
  return result;
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

function settingsOf({ quick, seconds, rates, partitions }: Options): Settings {
  const settings = quick === true ? QUICK_SETTINGS : FULL_SETTINGS;
  return {
    ...settings,
    ...(seconds === undefined ? {} : { seconds: positive('--seconds', seconds) }),
    ...(rates === undefined ? {} : { rates: rates.split(',').map((rate) => positive('--rates', rate)) }),
    ...(partitions === undefined ? {} : { partitions: positive('--partitions', partitions) }),
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0)
    throw new CliError(`${option} takes whole numbers above 0, not \`${text}\`.`);
  return value;
}
