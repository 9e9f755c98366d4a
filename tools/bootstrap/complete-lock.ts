/**
 * Completes package-lock.json after `npm install`: a registry or mirror that lacks packages for other platforms makes
 * npm leave them out, and then `npm ci` refuses the lock file everywhere. Run it by name; `--check` only looks.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  packages: Record<string, LockedPackage>;
}

const LOCK_FILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
const EXACT_VERSION = /^\d+\.\d+\.\d+[\w.-]*$/;
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

// npm's own format.
const lock = JSON.parse(readFileSync(LOCK_FILE, 'utf8')) as LockFile;
const missing = missingPackages(lock);

if (missing.length === 0) {
  process.stdout.write('package-lock.json is complete\n');
} else if (process.argv.includes('--check')) {
  const names = missing.map(([path]) => path.replace('node_modules/', '')).join(', ');
  process.stderr.write(`package-lock.json lacks ${names}: run \`node tools/bootstrap/complete-lock.ts\`\n`);
  process.exitCode = 1;
} else {
  // In npm's order, so that its next writing changes nothing.
  const entries = [...Object.entries(lock.packages), ...missing].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(entries);
  writeFileSync(LOCK_FILE, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`package-lock.json: ${missing.length} packages for other platforms added\n`);
}

/** Optional packages that another one names with an exact version, and that are locked nowhere. */
function missingPackages({ packages }: LockFile): [string, LockedPackage][] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => EXACT_VERSION.test(version) && !isLocked(packages, path, name))
      .map(([name, version]): [string, LockedPackage] => [`node_modules/${name}`, platformPackage(name, version, dev)]),
  );
}

/** Looks where Node would: beside the package that asks, then further up. */
function isLocked(packages: LockFile['packages'], from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder}${folder === '' ? '' : '/'}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

/** By convention the name says which platform it is for, e.g. `binding-linux-x64-musl`. It has no hash to check. */
function platformPackage(name: string, version: string, dev: boolean | undefined): LockedPackage {
  const words = new Set(name.slice(name.lastIndexOf('/') + 1).split('-'));
  const named = (known: readonly string[]): string[] => known.filter((word) => words.has(word));
  const [cpu, os] = [named(PROCESSORS), named(SYSTEMS)];
  const libc = [...(words.has('gnu') ? ['glibc'] : []), ...(words.has('musl') ? ['musl'] : [])];
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev === undefined ? {} : { dev }),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
