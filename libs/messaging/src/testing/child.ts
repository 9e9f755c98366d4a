// Starts this room's loops in processes of their own, so that a test can kill and freeze them.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ScratchTopics } from './scratch-topics.ts';

const SCRIPT = fileURLToPath(new URL('run-loop.ts', import.meta.url));
const READY_DEADLINE_MS = 20_000;

export interface LoopOptions {
  topics: ScratchTopics;
  loop: 'transform' | 'database';
  groupId: string;
  input: string;
  output: string;
  databaseUrl?: string;
  /** Dies by SIGKILL at this fault point, at the pass after `skip` others. */
  faultPoint?: string;
  faultSkip?: number;
}

export interface Child {
  process: ChildProcess;
  /** Resolves when partitions have been assigned to it. */
  ready: Promise<void>;
  /** Resolves when it has ended, to the signal or code it ended with. */
  ended: Promise<string>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Copies `input` to `output` by the loop asked for, until stopped, killed, or its parent is gone. */
export function startLoop({ topics, loop, groupId, input, output, ...options }: LoopOptions): Child {
  const child = fork(SCRIPT, [JSON.stringify({ loop, groupId, input, output, prefix: topics.prefix })], {
    // The loop may end by a signal in the midst of a line; nobody reads what it says unless asked to.
    stdio: ['ignore', process.env.LOG_LEVEL === undefined ? 'ignore' : 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      LOOP_DATABASE_URL: options.databaseUrl ?? '',
      ...(options.faultPoint === undefined
        ? {}
        : { FAULTS: '1', FAULT_POINT: options.faultPoint, FAULT_SKIP: `${options.faultSkip ?? 0}` }),
    },
  });
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
  const ready = Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(READY_DEADLINE_MS) }).then(() => undefined),
    ended.then((how) => {
      throw new Error(`the loop ended before it was ready: ${how}`);
    }),
  ]);
  ready.catch(() => undefined);
  return {
    process: child,
    ready,
    ended,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGCONT');
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
