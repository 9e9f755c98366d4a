/** Installs the dependencies when they are missing or differ from the lock file. Runs on Node 20 without any of them. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));
/** The project's own Node 24, an npm package: every script runs on it whatever the machine has. */
export const PROJECT_NODE = join(PROJECT_FOLDER, 'node_modules', '.bin', 'node');

const NODE_MAJOR_MIN = 20;
const PROJECT_NODE_MAJOR = 24;

/** Something the user can mend: printed as one sentence. */
export class BootstrapError extends Error {}

/**
 * Makes sure that what the lock file names is installed and that the project's Node runs.
 *
 * @param {{ evenIfStale: boolean }} options evenIfStale: also when something else than the lock file's versions is installed
 */
export function ensureInstalled({ evenIfStale }) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE_MAJOR_MIN) {
    throw new BootstrapError(`Node ${process.versions.node} is too old: install Node ${NODE_MAJOR_MIN} or newer.`);
  }
  const state = installedState();
  if (state === 'missing' || (state === 'stale' && evenIfStale)) install(state);
  checkProjectNode();
}

/** Compares what npm notes about its installation with the lock file. */
function installedState() {
  const installed = packagesOf(join(PROJECT_FOLDER, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'missing';
  const wanted = packagesOf(join(PROJECT_FOLDER, 'package-lock.json')) ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/')) continue;
    const present = installed[path];
    // Packages for other platforms are optional, and rightly absent.
    if (present === undefined && !entry.optional) return 'stale';
    if (present !== undefined && (present.version !== entry.version || present.integrity !== entry.integrity)) {
      return 'stale';
    }
  }
  return 'current';
}

/** @param {string} path */
function packagesOf(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null;
}

/** @param {'missing' | 'stale'} state */
function install(state) {
  const reason = state === 'missing' ? 'for the first time' : 'because package-lock.json has changed';
  process.stderr.write(`Installing dependencies ${reason} (npm ci) …\n`);
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: PROJECT_FOLDER,
    // npm's own words are for the error output: ours may be data.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error !== undefined)
    throw new BootstrapError(`npm could not be started (${error.message}): install npm 10 or newer.`);
  if (status !== 0)
    throw new BootstrapError('`npm ci` failed: see its message above; it needs to reach the npm registry.');
}

function checkProjectNode() {
  const { stdout } = spawnSync(PROJECT_NODE, ['--version'], { encoding: 'utf8' });
  if (stdout?.startsWith(`v${PROJECT_NODE_MAJOR}.`)) return;
  throw new BootstrapError(
    `The project's own Node ${PROJECT_NODE_MAJOR} (node_modules/.bin/node) does not run: npm did not run the install script of the package \`node\`. ` +
      'Run `npm rebuild node` (if npm says that scripts are blocked: `npm install-scripts approve node` first).',
  );
}
