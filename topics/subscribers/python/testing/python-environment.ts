// Sets up a Python with the subscriber's packages, once per list of packages, or says precisely why this machine cannot.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSTALL_TIMEOUT_MS = 240_000;
const ASK_TIMEOUT_MS = 20_000;
const OUTPUT_BYTES_MAX = 8_000_000;
const MINOR_VERSION_MIN = 9;

const REQUIREMENTS = new URL('../requirements.txt', import.meta.url);
const CACHE = new URL('../../../../.paystream/python/', import.meta.url);

/** What pip says when it is the network that is missing, not the package. */
const OFFLINE =
  /name resolution|Failed to establish a new connection|ConnectTimeout|ReadTimeout|ProxyError|Network is unreachable/;

export type PythonEnvironment = { ready: true; python: string } | { ready: false; reason: string };

/**
 * The interpreter of an environment that has requirements.txt installed.
 *
 * @returns not ready only when the machine lacks Python 3.9, its venv, or the network; anything else is a fault of ours
 * @throws Error with pip's words when the packages cannot be installed although the index can be reached
 */
export async function pythonEnvironment(): Promise<PythonEnvironment> {
  const lack = await whatPythonLacks();
  if (lack !== null) return { ready: false, reason: lack };
  const list = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const folder = fileURLToPath(new URL(`${list}/`, CACHE));
  const python = `${folder}bin/python`;
  const done = `${folder}installed`;
  if (existsSync(done)) return { ready: true, python };

  // What a broken attempt left behind must not be taken for a whole one.
  rmSync(folder, { recursive: true, force: true });
  const installed = await install(folder, python);
  if (installed !== null) return { ready: false, reason: installed };
  writeFileSync(done, '');
  return { ready: true, python };
}

async function whatPythonLacks(): Promise<string | null> {
  const version = await run('python3', ['-c', 'import sys; print(*sys.version_info[:2])'], ASK_TIMEOUT_MS);
  if (version.failed) return 'there is no python3 on this machine';
  const [major = 0, minor = 0] = version.output.trim().split(' ').map(Number);
  if (major !== 3 || minor < MINOR_VERSION_MIN)
    return `python3 is ${major}.${minor}; the client needs 3.${MINOR_VERSION_MIN}`;
  const venv = await run('python3', ['-c', 'import venv, ensurepip'], ASK_TIMEOUT_MS);
  return venv.failed ? 'python3 has no venv here; on Debian and Ubuntu: apt install python3-venv' : null;
}

async function install(folder: string, python: string): Promise<string | null> {
  const made = await run('python3', ['-m', 'venv', folder], INSTALL_TIMEOUT_MS);
  if (made.failed) throw new Error(`python3 -m venv failed:\n${made.output}`);
  const pip = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--quiet',
    '--only-binary=:all:',
    '--retries',
    '2',
  ];
  const installed = await run(python, [...pip, '-r', fileURLToPath(REQUIREMENTS)], INSTALL_TIMEOUT_MS);
  if (!installed.failed) return null;
  if (OFFLINE.test(installed.output)) return 'the Python package index cannot be reached from here';
  throw new Error(`pip could not install the subscriber's packages:\n${installed.output}`);
}

/** Runs a program to its end. A failure is an answer here: its exit code, or that there is no such program. */
export function run(
  program: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ failed: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: error === null ? stdout : `${stdout}${stderr}${error.message}` });
    });
  });
}
