/** Decides where PostgreSQL's program and data rest, and as whom it runs: it refuses to run as root. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StackError } from './stack-error.ts';
import type { Log } from './stack-folder.ts';

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresHome {
  readonly folder: string;
  /** Set when we are root and PostgreSQL therefore runs as somebody else. */
  readonly user: PostgresUser | undefined;
}

/** Users without rights that machines usually have, best first. PostgreSQL wants one with an entry among the users. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody', 'daemon'];
/** Folders that such a user can reach and that survive a restart of the machine. */
const SHARED_FOLDERS = ['/var/lib', '/var/tmp'];
const OWNER_FILE = 'owner';
const HASH_LENGTH = 12;

/** Finds or makes the home. `instance` names the stack's data, so that data of a deleted stack is not taken for it. */
export function preparePostgresHome({ folder, instance, log }: HomeOptions): PostgresHome {
  const inside = join(folder, 'postgres');
  if (process.getuid?.() !== 0) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return { folder: inside, user: undefined };
  }
  const user = unprivilegedUser();
  // Others may pass through, not look around: each file with a secret has its own mode.
  chmodSync(folder, 0o711);
  const kept = keptOutside(folder, instance);
  if (kept !== null) return { folder: kept, user };
  if (canReach(user, folder)) return { folder: ownedFolder(inside, user), user };
  if (existsSync(inside)) {
    throw new StackError(
      `User ${user.uid}, as whom PostgreSQL runs, can no longer reach its data in ${inside}: let others pass through the folders above it (\`chmod o+x\`), or start afresh with \`--fresh\`.`,
    );
  }
  const outside = outsideFolder(folder, user);
  log(`PostgreSQL cannot run as root, and other users cannot reach ${folder}: its data goes to ${outside}.`);
  claim({ outside, instance, user });
  return { folder: outside, user };
}

interface HomeOptions {
  readonly folder: string;
  readonly instance: string;
  readonly log: Log;
}

/** Removes the stack's data outside of its folder, where there is any. */
export function removeOutsideHome(folder: string): void {
  for (const shared of SHARED_FOLDERS) rmSync(outsidePath(shared, folder), { recursive: true, force: true });
}

function unprivilegedUser(): PostgresUser {
  for (const name of UNPRIVILEGED_USERS) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid !== null && gid !== null && uid !== 0) return { uid, gid };
  }
  throw new StackError(
    `PostgreSQL cannot run as root, and none of the users ${UNPRIVILEGED_USERS.join(', ')} exists: create one of them, or start as an ordinary user.`,
  );
}

function idOf(option: '-u' | '-g', name: string): number | null {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

/** Asked of the system itself, which also knows about links and access lists. */
function canReach(user: PostgresUser, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$0"', folder], { cwd: '/', ...user }).status === 0;
}

function outsideFolder(folder: string, user: PostgresUser): string {
  for (const shared of SHARED_FOLDERS) {
    if (existsSync(shared) && canReach(user, shared)) return outsidePath(shared, folder);
  }
  throw new StackError(
    `PostgreSQL cannot run as root, and user ${user.uid} can reach neither ${folder} nor ${SHARED_FOLDERS.join(' nor ')}: start as an ordinary user.`,
  );
}

function outsidePath(shared: string, folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, HASH_LENGTH);
  return join(shared, 'paystream', `${basename(folder).replace(/^\./, '')}-${hash}`);
}

/** Where an earlier start put this stack's data, whatever can be reached today. */
function keptOutside(folder: string, instance: string): string | null {
  const candidates = SHARED_FOLDERS.map((shared) => outsidePath(shared, folder));
  return candidates.find((outside) => ownerOf(outside) === instance) ?? null;
}

function ownerOf(outside: string): string | null {
  const ownerFile = join(outside, OWNER_FILE);
  return existsSync(ownerFile) ? readFileSync(ownerFile, 'utf8') : null;
}

/** What is there belongs to a stack whose own folder was deleted. */
function claim({ outside, instance, user }: { outside: string; instance: string; user: PostgresUser }): void {
  rmSync(outside, { recursive: true, force: true });
  mkdirSync(join(outside, '..'), { recursive: true, mode: 0o755 });
  ownedFolder(outside, user);
  writeFileSync(join(outside, OWNER_FILE), instance);
}

function ownedFolder(path: string, { uid, gid }: PostgresUser): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chownSync(path, uid, gid);
  return path;
}
