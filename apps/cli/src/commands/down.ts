/** `paystream down`: stops what runs here, from any shell, and clears up after what was killed. */

import { endLeftOvers, hasEnded, lockHolder, removeStackFile } from '@paystream/stack';
import type { Command } from 'commander';
import { CliError } from '../context.ts';
import type { CliContext } from '../context.ts';

const STOP_MS_MAX = 60_000;

export function registerDown(program: Command, context: CliContext): void {
  program
    .command('down')
    .description('stop everything that `up` or `npm start` started here; data is kept')
    .action(() => down(context));
}

async function down({ stackFolder, out }: CliContext): Promise<void> {
  const holder = lockHolder(stackFolder);
  if (holder === null) {
    await endLeftOvers({ path: stackFolder, log: out });
    await removeStackFile(stackFolder);
    out('Nothing is running.');
    return;
  }
  out('Stopping …');
  process.kill(holder.pid, 'SIGTERM');
  if (!(await hasEnded(holder.pid, holder.identity, STOP_MS_MAX))) {
    throw new CliError(
      `Process ${holder.pid} does not stop. \`kill -9 ${holder.pid}\` ends it; the next start mends the rest.`,
    );
  }
  out('Stopped.');
}
