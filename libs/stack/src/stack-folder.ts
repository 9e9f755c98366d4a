/** The folder a stack lives in: who uses it, which processes belong to it, and which of them a crash left behind. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockHolder, releaseLock, takeLock } from './folder-lock.ts';
import { startGuardian } from './guardian.ts';
import { isRunning, processIdentity } from './process-identity.ts';
import { StackError } from './stack-error.ts';

export interface StackFolder {
  readonly path: string;
  /** The process that ends ours when we are killed. */
  readonly guardianPid: number;
  /** Remembers a process of ours, so that the guardian or the next start ends it should we be killed. */
  adopt(started: { name: string; pid: number; signal: NodeJS.Signals }): void;
  /** Forgets a process that has ended. */
  dismiss(pid: number): void;
  /** Gives the folder back; everything adopted must have ended. */
  release(): void;
}

interface AdoptedProcess {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
  readonly signal: NodeJS.Signals;
}

const PROCESSES_FILE = 'processes.json';
const LEFT_OVER_END_MS_MAX = 15_000;
const POLL_MS = 50;

/** Takes the folder for this process, after ending what an earlier owner left behind; throws when another stack uses it. */
export async function openStackFolder({ path, log }: { path: string; log: Log }): Promise<StackFolder> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const holder = takeLock(path);
  if (holder !== null) {
    throw new StackError(`Paystream already runs here (process ${holder.pid}). Stop it with \`npx paystream down\`.`);
  }
  await endLeftOvers({ path, log });
  const guardian = startGuardian();
  const adopted = new Map<number, AdoptedProcess>();
  const save = (): void => writeProcesses(path, [...adopted.values()]);
  return {
    path,
    guardianPid: guardian.pid,
    adopt: ({ name, pid, signal }) => {
      const identity = processIdentity(pid);
      // It has ended already: there is nothing to look after.
      if (identity === null) return;
      adopted.set(pid, { name, pid, identity, signal });
      guardian.adopt(pid, signal);
      save();
    },
    dismiss: (pid) => {
      adopted.delete(pid);
      guardian.dismiss(pid);
      save();
    },
    release: () => {
      guardian.goodbye();
      releaseLock(path);
    },
  };
}

export type Log = (line: string) => void;

/** Ends processes that a killed owner of this folder left running. Does nothing while the owner is there. */
export async function endLeftOvers({ path, log }: { path: string; log: Log }): Promise<void> {
  const holder = lockHolder(path);
  if (holder !== null && holder.pid !== process.pid) return;
  const leftOver = readProcesses(path).filter(({ pid, identity }) => isRunning(pid, identity));
  if (leftOver.length > 0)
    log(`Ending what an earlier run left behind: ${leftOver.map(({ name }) => name).join(', ')}.`);
  await Promise.all(leftOver.map(endProcess));
  writeProcesses(path, []);
}

async function endProcess({ pid, identity, signal }: AdoptedProcess): Promise<void> {
  sendSignal(pid, signal);
  if (await hasEnded(pid, identity, LEFT_OVER_END_MS_MAX)) return;
  sendSignal(pid, 'SIGKILL');
  await hasEnded(pid, identity, LEFT_OVER_END_MS_MAX);
}

/** Waits until the process is gone; false when it is still there after the given time. */
export async function hasEnded(pid: number, identity: string, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isRunning(pid, identity)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, which is what was asked.
  }
}

function readProcesses(folder: string): AdoptedProcess[] {
  try {
    // Written below, in one piece.
    return JSON.parse(readFileSync(join(folder, PROCESSES_FILE), 'utf8')) as AdoptedProcess[];
  } catch {
    return [];
  }
}

/** Written at once and not a moment later: a crash may follow. */
function writeProcesses(folder: string, processes: AdoptedProcess[]): void {
  const path = join(folder, PROCESSES_FILE);
  writeFileSync(`${path}.new`, JSON.stringify(processes, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
