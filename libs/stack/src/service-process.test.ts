/** A process counts as started when it is ready, and says why when it never was. */

import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { keepRunning } from './kept-service.ts';
import { processIdentity } from './process-identity.ts';
import { startProcess, turnLogs } from './service-process.ts';
import type { ServiceCommand } from './service-process.ts';
import { openStackFolder } from './stack-folder.ts';
import type { StackFolder } from './stack-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const NEVER = new AbortController().signal;

async function testFolder(): Promise<StackFolder> {
  const folder = await openStackFolder({ path: temporaryFolder(), log: () => {} });
  onTestFinished(() => folder.release());
  turnLogs(folder.path, ['worker']);
  return folder;
}

function worker(script: string, rest: Partial<ServiceCommand> = {}): ServiceCommand {
  return {
    name: 'worker',
    command: '/bin/sh',
    args: ['-c', script],
    stopSignal: 'SIGTERM',
    isReady: () => true,
    readyMsMax: 5_000,
    ...rest,
  };
}

test('a process that ends before it is ready is an error with the end of its log', async () => {
  const start = startProcess(
    await testFolder(),
    worker('echo no such file >&2; exit 3', { isReady: () => false }),
    NEVER,
  );
  await expect(start).rejects.toThrow(/^worker ended with code 3\. The end of its log, .*worker\.log:\nno such file$/s);
});

test('a process that does not become ready in time is stopped', async () => {
  const folder = await testFolder();
  const never = worker('exec sleep 600', { isReady: ({ pid }) => pids.push(pid) === 0, readyMsMax: 200 });
  const pids: number[] = [];
  await expect(startProcess(folder, never, NEVER)).rejects.toThrow('worker was not ready after 0.2 s');
  expect(processIdentity(pids[0] ?? 0)).toBeNull();
});

test('a start that is interrupted leaves nothing running', async () => {
  const interrupt = new AbortController();
  const pids: number[] = [];
  const never = worker('exec sleep 600', { isReady: ({ pid }) => pids.push(pid) === 0 });
  const start = startProcess(await testFolder(), never, interrupt.signal);
  interrupt.abort(new Error('enough'));
  await expect(start).rejects.toThrow('enough');
  expect(processIdentity(pids[0] ?? 0)).toBeNull();
});

test('a start that is interrupted while it becomes ready leaves nothing running', async () => {
  const interrupt = new AbortController();
  const pids: number[] = [];
  const readyTooLate = worker('exec sleep 600', {
    isReady: ({ pid }) => {
      interrupt.abort(new Error('enough'));
      return pids.push(pid) === 1;
    },
  });
  await expect(startProcess(await testFolder(), readyTooLate, interrupt.signal)).rejects.toThrow('enough');
  expect(processIdentity(pids[0] ?? 0)).toBeNull();
});

test('an exit code that has a meaning is explained', async () => {
  const wrong = worker('exit 78', { isReady: () => false, exitCodes: { 78: 'its environment is wrong' } });
  await expect(startProcess(await testFolder(), wrong, NEVER)).rejects.toThrow(
    'worker ended with code 78 (its environment is wrong).',
  );
});

test('a kept service that is killed runs again, and not after it was stopped', async () => {
  const folder = await testFolder();
  const restarted = Promise.withResolvers<void>();
  const kept = await keepRunning({
    start: (signal) => startProcess(folder, worker('exec sleep 600'), signal),
    signal: NEVER,
    log: () => {},
    onRestart: () => restarted.resolve(),
  });
  const first = kept.pid();
  process.kill(first, 'SIGKILL');
  await restarted.promise;
  const second = kept.pid();
  expect(second).not.toBe(first);
  expect(processIdentity(second)).not.toBeNull();

  await kept.stop();
  expect(processIdentity(second)).toBeNull();
  // Longer than the pause before a restart: nothing came back under another id.
  await delay(700);
  expect(processIdentity(kept.pid())).toBeNull();
});
