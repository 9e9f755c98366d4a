/** The command line: registers every command, and turns what they throw into one sentence and an exit code. */

import { Command, CommanderError } from 'commander';
import { registerBench } from './commands/bench.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDown } from './commands/down.ts';
import { registerLoad } from './commands/load.ts';
import { registerOperator } from './commands/operator.ts';
import { registerProve } from './commands/prove.ts';
import { registerStatus } from './commands/status.ts';
import { registerTail } from './commands/tail.ts';
import { registerTopics } from './commands/topics.ts';
import { registerUp } from './commands/up.ts';
import { CliError, createContext } from './context.ts';

const EXIT_FAILED = 1;

const context = createContext({ environment: process.env });
const program = new Command('paystream')
  .description('Paystream: an event-driven payment system over Apache Kafka. The log is the truth; `prove` shows it.')
  .showHelpAfterError('(`npx paystream --help` lists the commands)')
  .exitOverride();

registerUp(program, context);
registerDown(program, context);
registerStatus(program, context);
registerLoad(program, context);
registerTail(program, context);
registerProve(program, context);
registerDemo(program, context);
registerOperator(program, context);
registerBench(program, context);
registerTopics(program, context);

process.stdout.on('error', endWithReader);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}
// The launcher's channel would otherwise keep a finished command alive.
if (process.connected) process.disconnect();

/** `paystream tail | head`: when the reader of our output has gone, there is nobody to go on for. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  process.stderr.write(`${sentenceOf(error)}\n`);
  return EXIT_FAILED;
}

/** What the user can mend, or has to wait for, in a sentence; of a fault of ours where it is, for whoever mends that. */
function sentenceOf(error: unknown): string | undefined {
  if (error instanceof CliError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const isAway = 'retriable' in error && error.retriable === true;
  return isAway
    ? `${error.message}\nSomething is away, or only just coming back: see \`npx paystream status\`.`
    : error.stack;
}
