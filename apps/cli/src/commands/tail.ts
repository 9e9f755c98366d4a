/** `paystream tail`. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function registerTail(program: Command, _context: CliContext): void {
  program.command('tail');
}
