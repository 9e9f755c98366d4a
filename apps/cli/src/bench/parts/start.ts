// Measures how long `paystream up` takes until everything is ready, the first time and on kept data, and how fast it loads.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { removeOutsideHome } from '@paystream/stack';
import type { CliContext } from '../../context.ts';
import { CliError, createContext } from '../../context.ts';
import { runLoad } from '../../load/run-load.ts';
import type { Row } from '../rows.ts';
import { figuresRow } from '../rows.ts';
import { ownEnvironment } from '../stack/own-environment.ts';

const READY_LINE = 'Paystream runs.';
const SAMPLE = 'data/cdnow-sample.csv';
const FOLDER = 'bench-start';

/** Starts stacks of its own: no other may run meanwhile. */
export async function measureStart(context: CliContext, signal: AbortSignal): Promise<Row[]> {
  const folder = join(context.stackFolder, FOLDER);
  removeData(folder);
  try {
    let perSecond = 0;
    const first = await startOnce(context, folder, signal, async (started) => {
      const stack = await started.readStack();
      const { gateway_url: gatewayUrl, api_key: apiKey } = stack;
      const file = fileURLToPath(new URL(SAMPLE, context.projectFolder));
      perSecond = (await runLoad({ gatewayUrl, apiKey, file, signal })).payments_per_second;
    });
    const second = await startOnce(context, folder, signal, async () => undefined);
    return [
      figuresRow('first', { seconds: first }),
      figuresRow('load of the sample', { per_second: perSecond }),
      figuresRow('second', { seconds: second }),
    ];
  } finally {
    removeData(folder);
  }
}

/** Seconds from the command until everything is ready; stopped again when `work` is done. */
async function startOnce(
  { projectFolder, environment }: CliContext,
  folder: string,
  signal: AbortSignal,
  work: (started: CliContext) => Promise<unknown>,
): Promise<number> {
  const cwd = fileURLToPath(projectFolder);
  const ofStack = { ...ownEnvironment(environment), PAYSTREAM_FOLDER: folder };
  const start = performance.now();
  const child = spawn(process.execPath, [join(cwd, 'apps/cli/src/main.ts'), 'up', '--any-ports', '--no-load'], {
    cwd,
    env: ofStack,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    await readyOf(child);
    const seconds = (performance.now() - start) / 1_000;
    await work(createContext({ environment: ofStack }));
    return seconds;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await ended;
  }
}

async function readyOf({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) throw new Error('the output of `paystream up` is not read');
  for await (const line of createInterface({ input: stdout })) {
    if (line !== READY_LINE) continue;
    // What it says later is not read, and must not fill the pipe.
    stdout.resume();
    return;
  }
  throw new CliError('`paystream up` ended before everything was ready.');
}

function removeData(folder: string): void {
  removeOutsideHome(folder);
  rmSync(folder, { recursive: true, force: true });
}
