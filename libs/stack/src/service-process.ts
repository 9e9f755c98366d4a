/** Runs one service as a child process: its log in a file, its end noticed, its stop bounded. */

import { spawn } from 'node:child_process';
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
  readonly environment?: NodeJS.ProcessEnv;
  /** Runs as this user, where we may choose. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What asks this service to stop cleanly. */
  readonly stopSignal: NodeJS.Signals;
}

export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Waits until the check holds; throws with the end of the log when the process ends first or time runs out. */
  ready(check: () => Promise<boolean>, withinMs: number): Promise<void>;
  /** Resolves with a description when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const STOP_MS_MAX = 20_000;
const POLL_MS = 40;
const LOG_LINES_SHOWN = 12;

export function startProcess(folder: StackFolder, service: ServiceCommand): ServiceProcess {
  const logPath = openLog(folder.path, service.name);
  const log = openSync(logPath, 'a', 0o600);
  const child = spawn(service.command, service.args, {
    stdio: ['ignore', log, log],
    ...(service.cwd === undefined ? {} : { cwd: service.cwd }),
    env: { ...process.env, ...service.environment },
    ...service.user,
  });
  closeSync(log);
  const { pid } = child;
  if (pid !== undefined) folder.adopt({ name: service.name, pid, signal: service.stopSignal });

  let ending: string | null = null;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string): void => {
      ending ??= how;
      if (pid !== undefined) folder.dismiss(pid);
      resolve(ending);
    };
    child.once('error', (error) => end(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => end(code === null ? `was ended by ${signal}` : `ended with code ${code}`));
  });

  const failed = (what: string): StackError =>
    new StackError(`${service.name} ${what}. The end of its log, ${logPath}:\n${lastLines(logPath)}`);

  return {
    name: service.name,
    pid: pid ?? 0,
    ended,
    ready: async (check, withinMs) => {
      const deadline = Date.now() + withinMs;
      while (!(await check())) {
        if (ending !== null) throw failed(ending);
        if (Date.now() > deadline) throw failed(`was not ready after ${withinMs / 1000} s`);
        await delay(POLL_MS);
      }
    },
    stop: async () => {
      if (ending !== null) return;
      child.kill(service.stopSignal);
      const tooLate = new AbortController();
      const forced = delay(STOP_MS_MAX, undefined, { signal: tooLate.signal }).then(
        () => child.kill('SIGKILL'),
        () => false,
      );
      await ended;
      tooLate.abort();
      await forced;
    },
  };
}

/** The log of this run; the run before it is kept beside it. */
export function openLog(folder: string, name: string): string {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const path = join(logs, `${name}.log`);
  if (existsSync(path)) renameSync(path, join(logs, `${name}.previous.log`));
  return path;
}

export function lastLines(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
  } catch {
    return '(no log)';
  }
}
