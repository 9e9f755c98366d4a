/** A stack's folder has one owner at a time, and what a killed owner leaves behind is ended. */

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockHolder } from './folder-lock.ts';
import { processIdentity } from './process-identity.ts';
import { hasEnded, openStackFolder } from './stack-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const HOLDER = fileURLToPath(new URL('testing/hold-folder.ts', import.meta.url));
const END_MS_MAX = 10_000;

interface Holder {
  readonly child: ChildProcess;
  readonly held: { readonly pid: number; readonly identity: string };
  readonly guardianPid: number;
}

/** Another process that owns the folder and runs something in it. */
async function holdFolder(path: string): Promise<Holder> {
  const child = spawn(process.execPath, [HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  // hold-folder.ts writes exactly this.
  const { held, guardian } = JSON.parse(String(line)) as { held: number; guardian: number };
  onTestFinished(() => void killed(held));
  const identity = processIdentity(held);
  if (identity === null) throw new Error('The held process does not run.');
  return { child, held: { pid: held, identity }, guardianPid: guardian };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

test('a second owner is refused, by the process id of the first', async () => {
  const path = temporaryFolder();
  const { child } = await holdFolder(path);
  await expect(openStackFolder({ path, log: () => {} })).rejects.toThrow(`process ${child.pid}`);
});

test('when the owner is killed, its processes end within seconds', async () => {
  const { child, held } = await holdFolder(temporaryFolder());
  await kill(child);
  expect(await hasEnded(held.pid, held.identity, END_MS_MAX)).toBe(true);
});

test('when the guardian is killed with the owner, the next owner ends what they left', async () => {
  const path = temporaryFolder();
  const { child, held, guardianPid } = await holdFolder(path);
  killed(guardianPid);
  await kill(child);
  expect(processIdentity(held.pid)).toBe(held.identity);

  const said: string[] = [];
  const folder = await openStackFolder({ path, log: (line) => void said.push(line) });
  expect(processIdentity(held.pid)).toBeNull();
  expect(said).toEqual(['Ending what an earlier run left behind: held.']);
  folder.release();
});

test('a process id that was given to somebody else meanwhile is left alone', async () => {
  const path = temporaryFolder();
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  const record = { name: 'kafka', pid: stranger.pid, identity: 'of a process long gone', signal: 'SIGTERM' };
  writeFileSync(join(path, 'processes.json'), JSON.stringify([record]));
  writeFileSync(join(path, 'running.lock'), JSON.stringify({ pid: stranger.pid, identity: 'of an owner long gone' }));

  expect(lockHolder(path)).toBeNull();
  const folder = await openStackFolder({ path, log: () => {} });
  expect(processIdentity(stranger.pid ?? 0)).not.toBeNull();
  folder.release();
});

test('a folder that was released can be taken again', async () => {
  const path = temporaryFolder();
  const first = await openStackFolder({ path, log: () => {} });
  expect(lockHolder(path)?.pid).toBe(process.pid);
  first.release();
  expect(lockHolder(path)).toBeNull();
  const second = await openStackFolder({ path, log: () => {} });
  second.release();
});
