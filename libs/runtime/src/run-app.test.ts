// A real process is started, asked to stop in every way, killed at a fault point, and watched.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const EXAMPLE_APP = fileURLToPath(new URL('testing/example-app.ts', import.meta.url));
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

interface Example {
  child: ChildProcess;
  /** Resolves to what the app announced. */
  ready: Promise<unknown>;
  ended: Promise<End>;
}

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Everything it logged. */
  log: string;
}

function startExample(environment: NodeJS.ProcessEnv = {}): Example {
  const child = fork(EXAMPLE_APP, { env: { ...process.env, ...environment }, execArgv: [], silent: true });
  children.add(child);
  return { child, ready: once(child, 'message').then(([message]: unknown[]) => message), ended: endOf(child) };
}

async function endOf(child: ChildProcess): Promise<End> {
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  // 'close' does not come after a disconnect; the ends of the process and of its output together say as much.
  await Promise.all([once(child, 'exit'), child.stdout === null ? undefined : once(child.stdout, 'end')]);
  return { code: child.exitCode, signal: child.signalCode, log };
}

describe('start', () => {
  it('announces itself once it says it is ready', async () => {
    expect(await startExample().ready).toEqual({ type: 'ready', info: { url: 'http://example' } });
  });

  it('ends with code 1 and the reason when it fails', async () => {
    const { code, log } = await startExample({ EXAMPLE_FAULT: 'start' }).ended;
    expect(code).toBe(1);
    expect(log).toContain('the start failed');
  });
});

describe('stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in order, with code 0', async (signal) => {
    const { child, ready, ended } = startExample();
    await ready;
    child.kill(signal);
    const { code, log } = await ended;
    expect(code).toBe(0);
    expect(log).toContain('example stopped');
  });

  it('the end of the parent ends it', async () => {
    const { child, ready, ended } = startExample();
    await ready;
    child.disconnect();
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('a signal while it still starts is obeyed', async () => {
    const { child, ready, ended } = startExample({ EXAMPLE_START_MS: '300' });
    // Nothing is announced; the process is known to run once it has said that it stops.
    ready.catch(() => undefined);
    const poll = setInterval(() => child.kill('SIGTERM'), 100);
    const { log } = await ended.finally(() => clearInterval(poll));
    expect(log).not.toContain('is ready');
  });

  it('a second signal does not cut the stop short', async () => {
    const { child, ready, ended } = startExample({ EXAMPLE_STOP_MS: '200' });
    await ready;
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null });
  });

  it('a stop that hangs is cut off at its deadline, with code 1', async () => {
    const { child, ready, ended } = startExample({ EXAMPLE_STOP_MS: '600000', EXAMPLE_STOP_DEADLINE_MS: '150' });
    await ready;
    child.kill('SIGTERM');
    const { code, log } = await ended;
    expect(code).toBe(1);
    expect(log).toContain('did not stop within 150 ms');
  });
});

describe('errors', () => {
  it.each([
    ['unhandled', 'nobody handles this'],
    ['fail', 'the client has crashed'],
  ])('%s ends it with code 1 and the reason', async (fault, reason) => {
    const { code, log } = await startExample({ EXAMPLE_FAULT: fault }).ended;
    expect(code).toBe(1);
    expect(log).toContain(reason);
  });
});

describe('fault points', () => {
  const armed = { FAULTS: '1', FAULT_POINT: 'example.started', FAULT_SKIP: '2' };

  it('kills at the pass that was named', async () => {
    expect(await startExample({ ...armed, EXAMPLE_FAULT_PASSES: '3' }).ended).toMatchObject({ signal: 'SIGKILL' });
  });

  it.each([
    ['before that pass', { ...armed, EXAMPLE_FAULT_PASSES: '2' }],
    ['at another name', { ...armed, FAULT_POINT: 'another', EXAMPLE_FAULT_PASSES: '3' }],
    ['unless faults are switched on', { ...armed, FAULTS: '0', EXAMPLE_FAULT_PASSES: '3' }],
  ])('does nothing %s', async (_when, environment) => {
    expect(await startExample(environment).ready).toMatchObject({ type: 'ready' });
  });
});
