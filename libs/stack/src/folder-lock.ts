/** Lets one stack at a time use a folder, and knows whether the holder of a lock that it finds is still there. */

import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, processIdentity } from './process-identity.ts';

export interface LockHolder {
  readonly pid: number;
  readonly identity: string;
}

const FILE_NAME = 'running.lock';
const ATTEMPTS_MAX = 3;

/** The process that runs a stack in this folder, or null. */
export function lockHolder(folder: string): LockHolder | null {
  const holder = readLock(folder);
  return holder !== null && isRunning(holder.pid, holder.identity) ? holder : null;
}

/** Takes the folder for this process; returns who has it when that is somebody else. */
export function takeLock(folder: string): LockHolder | null {
  const path = join(folder, FILE_NAME);
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      if (linked(own, path)) return null;
      const holder = lockHolder(folder);
      if (holder !== null) return holder;
      // Its holder was killed: the lock means nothing any more.
      rmSync(path, { force: true });
    }
    return readLock(folder);
  } finally {
    rmSync(own, { force: true });
  }
}

export function releaseLock(folder: string): void {
  if (readLock(folder)?.pid === process.pid) rmSync(join(folder, FILE_NAME), { force: true });
}

/** A link appears with its content or not at all, and never over another. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readLock(folder: string): LockHolder | null {
  try {
    // Written above, in one piece.
    return JSON.parse(readFileSync(join(folder, FILE_NAME), 'utf8')) as LockHolder;
  } catch {
    return null;
  }
}
