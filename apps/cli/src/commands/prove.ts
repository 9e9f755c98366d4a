/** `paystream prove`. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function registerProve(program: Command, _context: CliContext): void {
  program.command('prove');
}
