// `paystream bench`: measures this machine with a stack of its own and prints one table.

import type { Command } from 'commander';
import { describeReport, reportToJson } from '../bench/report.ts';
import { FULL_SIZES, QUICK_SIZES, runBench } from '../bench/run-bench.ts';
import type { CliContext } from '../context.ts';
import { withInterrupt } from '../interrupt.ts';

const EXIT_NOT_PROVED = 1;

interface Options {
  readonly quick?: boolean;
  readonly json?: boolean;
}

export function registerBench(program: Command, context: CliContext): void {
  program
    .command('bench')
    .description('measure this machine: payments per second, backlog, latency, next to what it could do at best')
    .option('--quick', 'shorter stretches: about a minute, and figures that vary more')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => bench(context, options));
}

const HELP = `
It starts services and apps of its own on free ports, and drops their data at the end: nothing that runs is touched.
Stop what else runs on the machine first (\`npx paystream down\`), or the figures are too low. It takes about five minutes.
At the end the books of the benchmark itself are proved; a difference makes it exit with 1.

Examples:
  $ npx paystream bench
  $ npx paystream bench --quick --json
`;

async function bench(context: CliContext, { quick, json }: Options): Promise<void> {
  const sizes = quick === true ? QUICK_SIZES : FULL_SIZES;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const report = await withInterrupt((signal) => runBench({ context, sizes, say, signal }));
  if (json === true) context.json(reportToJson(report));
  else for (const line of describeReport(report, context.colours)) context.out(line);
  if (report.proof.differenceCount > 0) process.exitCode = EXIT_NOT_PROVED;
}
