/** `paystream status`. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function registerStatus(program: Command, _context: CliContext): void {
  program.command('status');
}
