/** `paystream bench`. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function registerBench(program: Command, _context: CliContext): void {
  program.command('bench');
}
