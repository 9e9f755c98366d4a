// `paystream load`: sends a file of purchases through the gateway.

import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CliContext } from '../context.ts';
import { createProgress, silentProgress } from '../load/progress.ts';
import { LOAD_CONCURRENCY, runLoad, SHORT_SHARE } from '../load/run-load.ts';
import { describeSummary } from '../load/summary.ts';
import { withInterrupt } from '../interrupt.ts';

interface Options {
  readonly concurrency: number;
  readonly shortShare: number;
  readonly json?: boolean;
}

export function registerLoad(program: Command, context: CliContext): void {
  program
    .command('load')
    .description('send the purchases of a CSV file through the gateway; running it again charges nobody twice')
    .argument('<file>', 'CSV with the columns customer_id,date,quantity,amount_usd')
    .option('--concurrency <number>', 'customers buying at the same time', parseConcurrency, LOAD_CONCURRENCY)
    .option('--short-share <share>', 'share of the customers who get half the money they need', parseShare, SHORT_SHARE)
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', HELP)
    .action((file: string, options: Options) => load(context, file, options));
}

const HELP = `
Customers are created and topped up first; then each buys one thing after the other, in the file's order.
Keys follow from the rows, so if anything is interrupted, run the same command again.

Examples:
  $ npx paystream load data/cdnow-sample.csv
  $ npx paystream load purchases.csv --short-share 0.25 --json
`;

async function load(context: CliContext, file: string, { concurrency, shortShare, json }: Options): Promise<void> {
  const stack = await context.readStack();
  const summary = await withInterrupt((signal) =>
    runLoad({
      gatewayUrl: stack.gateway_url,
      apiKey: stack.api_key,
      certificateFile: stack.gateway_certificate_file,
      file,
      concurrency,
      shortShare,
      signal,
      progress: json === true ? silentProgress : createProgress(process.stdout),
    }),
  );
  if (json === true) context.json(summary);
  else for (const line of describeSummary(summary)) context.out(line);
}

const CONCURRENCY_MAX = 1_024;

function parseConcurrency(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= CONCURRENCY_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${CONCURRENCY_MAX}.`);
}

function parseShare(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number from 0 (everybody can pay) to 1.');
}
