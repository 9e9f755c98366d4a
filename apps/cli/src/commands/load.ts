/** `paystream load`. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function registerLoad(program: Command, _context: CliContext): void {
  program.command('load');
}
