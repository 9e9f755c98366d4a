/** Runs one service or app as a child process: its log in a file, its readiness awaited, its end noticed, its stop bounded. */

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './stack-error.ts';
import type { StackFolder } from './stack-folder.ts';

export interface ServiceCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Replaces the variables of this process when given. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Runs as this user, where we may choose. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What asks this service to stop cleanly. */
  readonly stopSignal: NodeJS.Signals;
  /** Asked again and again until it is true; `announced` once the process has said `{ type: 'ready' }`. */
  readonly isReady: (started: { pid: number; announced: boolean }) => boolean | Promise<boolean>;
  readonly readyMsMax: number;
  /** Opens a channel, by which an app says that it is ready and learns that its supervisor has gone. */
  readonly hasChannel?: boolean;
  /** Called when it has ended, however. */
  readonly onEnd?: () => void;
  /** What an exit code of this program tells people: a sentence that follows "ended with code …". */
  readonly exitCodes?: Readonly<Record<number, string>>;
}

export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves with a description when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const STOP_MS_MAX = 20_000;
const POLL_MS = 40;
const LOG_LINES_SHOWN = 12;

/**
 * Starts the process and resolves when it is ready. Throws, with the end of its log and nothing left running, when it
 * ends first, takes too long, or `signal` is aborted.
 */
export async function startProcess(
  folder: StackFolder,
  service: ServiceCommand,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  signal.throwIfAborted();
  const logPath = logFile(folder.path, service.name);
  const child = spawnLogged(service, logPath);
  const { pid } = child;
  if (pid !== undefined) folder.adopt({ name: service.name, pid, signal: service.stopSignal });
  const state = watchChild(child, service, () => pid !== undefined && folder.dismiss(pid));
  const stop = (): Promise<void> => stopChild(child, service.stopSignal, state);
  try {
    await waitUntilReady({ service, pid: pid ?? 0, state, signal });
  } catch (error) {
    await stop();
    if (signal.aborted) throw signal.reason;
    const what = error instanceof Error ? error.message : String(error);
    throw new StackError(`${service.name} ${what}. The end of its log, ${logPath}:\n${lastLines(logPath)}`);
  }
  return { name: service.name, pid: pid ?? 0, ended: state.ended, stop };
}

interface ChildState {
  readonly ended: Promise<string>;
  /** How it ended, once it has. */
  ending: string | null;
  announced: boolean;
}

function spawnLogged(service: ServiceCommand, logPath: string): ChildProcess {
  const log = openSync(logPath, 'a', 0o600);
  try {
    return spawn(service.command, service.args, {
      stdio: service.hasChannel === true ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      ...(service.cwd === undefined ? {} : { cwd: service.cwd }),
      env: service.environment ?? process.env,
      ...service.user,
    });
  } finally {
    closeSync(log);
  }
}

function watchChild(child: ChildProcess, { exitCodes, onEnd }: ServiceCommand, dismiss: () => void): ChildState {
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const state: ChildState = { ended, ending: null, announced: false };
  const end = (how: string): void => {
    if (state.ending !== null) return;
    state.ending = how;
    dismiss();
    onEnd?.();
    resolve(how);
  };
  child.once('error', (error) => end(`could not be started: ${error.message}`));
  child.once('exit', (code, signal) => {
    if (code === null) return end(`was ended by ${signal}`);
    const meaning = exitCodes?.[code];
    end(`ended with code ${code}${meaning === undefined ? '' : ` (${meaning})`}`);
  });
  child.on('message', (message) => {
    state.announced ||= typeof message === 'object' && 'type' in message && message.type === 'ready';
  });
  return state;
}

interface WaitOptions {
  readonly service: ServiceCommand;
  readonly pid: number;
  readonly state: ChildState;
  readonly signal: AbortSignal;
}

/** Throws what went wrong, as the rest of a sentence that begins with the name. */
async function waitUntilReady({ service, pid, state, signal }: WaitOptions): Promise<void> {
  const deadline = Date.now() + service.readyMsMax;
  while (!(await service.isReady({ pid, announced: state.announced }))) {
    signal.throwIfAborted();
    if (state.ending !== null) throw new Error(state.ending);
    if (Date.now() > deadline) throw new Error(`was not ready after ${service.readyMsMax / 1000} s`);
    await Promise.race([delay(POLL_MS), state.ended]);
  }
  // Also a stop that came during the last question: whoever stops a restart does not know of this process yet.
  signal.throwIfAborted();
}

async function stopChild(child: ChildProcess, stopSignal: NodeJS.Signals, state: ChildState): Promise<void> {
  if (state.ending !== null) return;
  child.kill(stopSignal);
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await state.ended;
  clearTimeout(force);
}

/** Where a process of this stack logs to. */
export function logFile(folder: string, name: string): string {
  return join(folder, 'logs', `${name}.log`);
}

/** Begins new logs; those of the run before are kept beside them. */
export function turnLogs(folder: string, names: readonly string[]): void {
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 });
  for (const name of names) {
    const path = logFile(folder, name);
    if (existsSync(path)) renameSync(path, logFile(folder, `${name}.previous`));
  }
}

function lastLines(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
  } catch {
    return '(no log)';
  }
}
