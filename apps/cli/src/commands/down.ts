/** `paystream down`. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function registerDown(program: Command, _context: CliContext): void {
  program.command('down');
}
