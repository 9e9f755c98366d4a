/** A signal reaches the launched program exactly once, and the program never outlives who started it. */

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@paystream/runtime';
import { expect, onTestFinished, test } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('testing/launch-say-signals.js', import.meta.url));
const NPM = fileURLToPath(new URL('testing/call-like-npm.js', import.meta.url));
const DEADLINE_MS = 10_000;

interface Launched {
  /** The process a user would signal. */
  readonly starter: ChildProcess;
  readonly programPid: number;
  readonly nodeVersion: string;
  /** What reached the program so far. */
  words(): string[];
  hears(word: string): Promise<void>;
}

async function launched(script: string): Promise<Launched> {
  const folder = mkdtempSync(join(tmpdir(), 'paystream launch '));
  const file = join(folder, 'words');
  const starter = spawn(process.execPath, [script, file], { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  const lines = (): string[] => {
    try {
      return readFileSync(file, 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  const until = (condition: () => boolean, what: string): Promise<void> =>
    waitFor(condition, { deadlineMs: DEADLINE_MS, intervalMs: 20, what }).then(() => undefined);
  await until(() => lines()[0]?.startsWith('ready ') === true, 'the program to be ready');
  const [, pid, nodeVersion] = (lines()[0] ?? '').split(' ');
  onTestFinished(() => {
    for (const each of [starter.pid, Number(pid)]) killed(each);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    starter,
    programPid: Number(pid),
    nodeVersion: nodeVersion ?? '',
    words: () => lines().slice(1),
    hears: (word) => until(() => lines().includes(word), `the program to hear ${word}`),
  };
}

function killed(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, as most of these tests want.
  }
}

test('Ctrl-C, which reaches the whole group and once more from npm, is heard once', async () => {
  const { starter, programPid, words, hears, nodeVersion } = await launched(LAUNCHER);
  expect(nodeVersion).toBe('node24');
  // The negative number means the group, as a terminal does it.
  process.kill(-(starter.pid ?? 0), 'SIGINT');
  starter.kill('SIGINT');
  starter.kill('SIGTERM');
  await hears('SIGINT');
  process.kill(programPid, 'SIGUSR2');
  const [code] = await once(starter, 'exit');
  expect(words()).toEqual(['SIGINT']);
  expect(code).toBe(7);
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s is handed on', async (signal) => {
  const { starter, hears } = await launched(LAUNCHER);
  starter.kill(signal);
  await hears(signal);
});

test('when the launcher is killed, the program hears it', async () => {
  const { starter, hears } = await launched(LAUNCHER);
  starter.kill('SIGKILL');
  await hears('disconnect');
});

test('when npm above is killed, the program is told to stop', async () => {
  const { starter, hears } = await launched(NPM);
  starter.kill('SIGKILL');
  await hears('SIGTERM');
});

test('when the program is killed, the launcher fails', async () => {
  const { starter, programPid } = await launched(LAUNCHER);
  process.kill(programPid, 'SIGKILL');
  const [code] = await once(starter, 'exit');
  expect(code).toBe(1);
});
