/** Runs PostgreSQL as a local server that is durable and listens on the loopback address only. */

import { execFile } from 'node:child_process';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { preparePostgresHome } from './postgres-home.ts';
import type { PostgresHome } from './postgres-home.ts';
import { preparePostgresProgram } from './postgres-program.ts';
import type { PostgresProgram } from './postgres-program.ts';
import { commandOf, processIdentity } from './process-identity.ts';
import type { Secrets } from './secrets.ts';
import { startProcess } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import { StackError } from './stack-error.ts';
import { hasEnded } from './stack-folder.ts';
import type { Log, StackFolder } from './stack-folder.ts';

export interface PostgresOptions {
  readonly folder: StackFolder;
  readonly secrets: Secrets;
  readonly port: number;
  /** Beside ours. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const ADMIN_ROLE = 'paystream_admin';
const READY_MS_MAX = 60_000;
const LEFT_OVER_END_MS_MAX = 15_000;
/** postmaster.pid: the server's process id in its first line, `ready` in its eighth, as pg_ctl reads it. */
const STATUS_LINE = 7;

export function adminUrl({ port, secrets }: { port: number; secrets: Secrets }): string {
  return `postgres://${ADMIN_ROLE}:${secrets.passwords.admin}@127.0.0.1:${port}/postgres`;
}

export async function startPostgres(options: PostgresOptions): Promise<ServiceProcess> {
  const { folder, secrets, log, signal } = options;
  const home = preparePostgresHome({ folder: folder.path, instance: secrets.instance, log });
  const program = preparePostgresProgram(home);
  const data = join(home.folder, 'data');
  if (!existsSync(data)) await initialise({ home, program, data, password: secrets.passwords.admin });
  await clearStalePidFile(data);
  return startProcess(
    folder,
    {
      name: 'postgres',
      command: program.postgres,
      args: ['-D', data, ...settings(options)],
      cwd: home.folder,
      environment: { ...process.env, LC_ALL: 'C' },
      user: home.user,
      // Fast shutdown: open transactions are rolled back, connections closed.
      stopSignal: 'SIGINT',
      isReady: ({ pid }) => saysReady(data, pid),
      readyMsMax: READY_MS_MAX,
    },
    signal,
  );
}

function settings({ port, settings: others = {} }: PostgresOptions): string[] {
  const values: Record<string, string> = {
    port: `${port}`,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '512MB',
    max_wal_size: '4GB',
    log_checkpoints: 'off',
    ...others,
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface InitialiseOptions {
  readonly home: PostgresHome;
  readonly program: PostgresProgram;
  readonly data: string;
  readonly password: string;
}

/** Builds the data folder under another name first: one that was left half built is never taken for a whole one. */
async function initialise({ home, program, data, password }: InitialiseOptions): Promise<void> {
  const partial = `${data}.partial`;
  const passwordFile = join(home.folder, 'password');
  rmSync(partial, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.user !== undefined) chownSync(passwordFile, home.user.uid, home.user.gid);
  const authentication = [`--username=${ADMIN_ROLE}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  try {
    await promisify(execFile)(program.initdb, [`--pgdata=${partial}`, ...authentication, ...locale], {
      cwd: home.folder,
      env: { ...process.env, LC_ALL: 'C' },
      ...home.user,
    });
  } catch (error) {
    throw new StackError(`PostgreSQL could not prepare its data folder ${data}: ${String(error)}`, { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(partial, data);
}

/**
 * PostgreSQL itself replaces a pid file whose process is gone. What it cannot know is whether a process with that id
 * is a server or a stranger that was given the same id, for example after the machine was restarted.
 */
async function clearStalePidFile(data: string): Promise<void> {
  const pid = Number(pidFileLines(data)[0]);
  const identity = Number.isInteger(pid) && pid > 0 ? processIdentity(pid) : null;
  if (identity === null) return;
  if (!commandOf(pid).includes(data)) {
    rmSync(join(data, 'postmaster.pid'));
    return;
  }
  process.kill(pid, 'SIGINT');
  if (!(await hasEnded(pid, identity, LEFT_OVER_END_MS_MAX))) {
    throw new StackError(
      `A PostgreSQL of an earlier run (process ${pid}) does not end: end it with \`kill -QUIT ${pid}\`.`,
    );
  }
}

function saysReady(data: string, pid: number): boolean {
  const lines = pidFileLines(data);
  return lines[0] === `${pid}` && lines[STATUS_LINE]?.trim() === 'ready';
}

function pidFileLines(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}
