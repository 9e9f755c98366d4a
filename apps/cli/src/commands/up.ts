/** `paystream up`. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function registerUp(program: Command, _context: CliContext): void {
  program.command('up');
}
