// `paystream prove`: shows that the books follow from the topics, to the cent.

import type { Command } from 'commander';
import { Option } from 'commander';
import type { CliContext } from '../context.ts';
import { withInterrupt } from '../interrupt.ts';
import { describeProof, isProved, proofToJson } from '../prove/describe-proof.ts';
import { runWholeProof } from '../prove/run-proof.ts';
import type { Sabotage } from '../prove/sabotage.ts';
import { SABOTAGES } from '../prove/sabotage.ts';

const EXIT_NOT_PROVED = 1;
/** Differences of each kind in `--json`: all there are, unless the books are another system's. */
const JSON_DIFFERENCES_MAX = 100_000;

interface Options {
  readonly sabotage?: Sabotage;
  readonly json?: boolean;
}

export function registerProve(program: Command, context: CliContext): void {
  program
    .command('prove')
    .description('re-derive every balance and posting from the topics and compare with the books; exits 0 only at zero')
    .addOption(
      new Option('--sabotage <kind>', 'falsify a copy of what is proved and see whether it is found').choices(
        SABOTAGES,
      ),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => prove(context, options));
}

const HELP = `
It takes pictures of the gateway's and the notifier's databases, then one snapshot of the accounts database, reads the
topics up to the offsets in that snapshot, and decides every operation again with rules of its own. Each must have
been asked for at the gateway, and what merchants, customers and subscribers are shown must follow. It may run at any
time, under load too, and changes nothing.
Differences are sorted by kind and counted; the text shows the first of each kind, --json has all of them.
With --sabotage it proves everything as it is first. It exits 0 when nothing differed and the falsification was found, and
prints what it found.

Examples:
  $ npx paystream prove
  $ npx paystream prove --json
  $ npx paystream prove --sabotage changed-amount
`;

async function prove(context: CliContext, { sabotage, json }: Options): Promise<void> {
  const stack = await context.readStack();
  const result = await withInterrupt((signal) =>
    runWholeProof(stack, {
      signal,
      environment: context.environment,
      ...(sabotage === undefined ? {} : { sabotage }),
      ...(json === true ? { differencesKeptMax: JSON_DIFFERENCES_MAX } : {}),
    }),
  );
  if (json === true) context.json(proofToJson(result));
  else for (const line of describeProof(result)) context.out(line);
  if (!isProved(result)) process.exitCode = EXIT_NOT_PROVED;
}
