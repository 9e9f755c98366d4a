/** Tells whether a process id still means the process we started: ids are reused, start times are not. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// Fields of /proc/<pid>/stat after the command's closing bracket, see proc_pid_stat(5).
const STATE_FIELD = 0;
const START_TIME_FIELD = 19;
const ENDED_STATES = new Set(['Z', 'X']);

/** A text that no other process of this machine will ever have, or null when no such process is running. */
export function processIdentity(pid: number): string | null {
  return process.platform === 'linux' ? identityFromProc(pid) : identityFromPs(pid);
}

/** True while the process which had this identity is running. */
export function isRunning(pid: number, identity: string): boolean {
  return processIdentity(pid) === identity;
}

function identityFromProc(pid: number): string | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[STATE_FIELD], fields[START_TIME_FIELD]];
  // A process that has ended but was not reaped yet holds nothing any more.
  if (state === undefined || startTime === undefined || ENDED_STATES.has(state)) return null;
  const boot = readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? 'boot';
  return `${boot}/${startTime}`;
}

function identityFromPs(pid: number): string | null {
  try {
    const output = execFileSync('ps', ['-o', 'state=,lstart=', '-p', `${pid}`], { encoding: 'utf8' }).trim();
    return output === '' || output.startsWith('Z') ? null : output.slice(output.indexOf(' ') + 1).trim();
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The command line of a running process, or an empty text when it cannot be seen. */
export function commandOf(pid: number): string {
  if (process.platform === 'linux') return (readOrNull(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ');
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
