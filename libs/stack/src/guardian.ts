/** Makes sure that nothing we started outlives us, even when we are killed outright. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Guardian {
  readonly pid: number;
  /** From now on the process is ended with this signal should we vanish. */
  adopt(pid: number, signal: NodeJS.Signals): void;
  dismiss(pid: number): void;
  /** Ends the guardian, and nothing else. */
  goodbye(): void;
}

const SCRIPT = fileURLToPath(new URL('./guardian.sh', import.meta.url));

/**
 * Starts the guardian: a shell in a process group of its own that reads from a pipe which only we hold. The kernel
 * closes that pipe however we end.
 */
export function startGuardian(): Guardian {
  const child = spawn('/bin/sh', [SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
  // A guardian that was itself killed leaves what it guarded to the next start.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  const say = (line: string): void => void (child.stdin.writable && child.stdin.write(`${line}\n`));
  return {
    pid: child.pid ?? 0,
    adopt: (pid, signal) => say(`adopt ${pid} ${signal.replace('SIG', '')}`),
    dismiss: (pid) => say(`dismiss ${pid}`),
    goodbye: () => {
      say('goodbye');
      child.stdin.end();
    },
  };
}
