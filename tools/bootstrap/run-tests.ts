/** `npm test`, under the project's Node: services of its own, every test there is, and one line with the result. */

import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStackFolder, removeOutsideHome, StackError, startServices } from '@paystream/stack';
import type { Services, StackFolder } from '@paystream/stack';

const EXIT_FAILED = 1;
const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));
const GIVEN = ['TEST_KAFKA_BROKERS', 'TEST_SCHEMA_REGISTRY_URL', 'TEST_POSTGRES_URL'] as const;
const TEST_FOLDER = join(PROJECT_FOLDER, '.paystream', 'test');
const REPORT = join(TEST_FOLDER, 'report.json');
/** Made for one run and dropped before the next. */
const DATA = ['kafka', 'postgres', 'kafka.properties', 'secrets.json', 'logs', 'report.json'];

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
process.on('disconnect', () => stopping.abort());

try {
  process.exitCode = await testInFolder(await openStackFolder({ path: TEST_FOLDER, log: say }));
} catch (error) {
  process.exitCode = EXIT_FAILED;
  if (!stopping.signal.aborted) say(error instanceof StackError ? error.message : String(error));
}
if (process.connected) process.disconnect();

async function testInFolder(folder: StackFolder): Promise<number> {
  try {
    dropData(DATA);
    const given = givenAddresses();
    if (given !== null) return await runTests(folder, given);
    const services = await startOwn(folder);
    try {
      return await runTests(folder, {
        TEST_KAFKA_BROKERS: services.kafkaBrokers,
        TEST_SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
        // Local and Docker services always have one.
        TEST_POSTGRES_URL: services.postgresAdminUrl ?? '',
      });
    } finally {
      await services.stop();
      // The logs stay, for whoever looks for the reason of a failure.
      dropData(['kafka', 'postgres']);
    }
  } finally {
    folder.release();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function dropData(names: readonly string[]): void {
  removeOutsideHome(TEST_FOLDER);
  for (const name of names) rmSync(join(TEST_FOLDER, name), { recursive: true, force: true });
}

/** Services that the caller names, all of them or none. */
function givenAddresses(): NodeJS.ProcessEnv | null {
  const missing = GIVEN.filter((name) => !process.env[name]);
  if (missing.length === GIVEN.length) return null;
  if (missing.length > 0)
    throw new StackError(`${missing.join(', ')} must be set too, or none of ${GIVEN.join(', ')}.`);
  say(`Testing against addresses from the environment: ${GIVEN.map((name) => process.env[name]).join(', ')}`);
  return {};
}

async function startOwn(folder: StackFolder): Promise<Services> {
  const services = await startServices({
    folder,
    cacheFolder: join(PROJECT_FOLDER, '.paystream', 'cache'),
    // Addresses meant for the apps are not meant for tests, which create and drop databases.
    environment: { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME, MAVEN_HOME: process.env.MAVEN_HOME },
    ports: 'any',
    log: say,
    onRestart: () => {},
    signal: stopping.signal,
  });
  say(`Testing against ${services.description}`);
  return services;
}

/** Runs Vitest over everything, or over what the arguments name, and prints the count; resolves with the exit code. */
async function runTests(folder: StackFolder, addresses: NodeJS.ProcessEnv): Promise<number> {
  const vitest = join(PROJECT_FOLDER, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
    cwd: PROJECT_FOLDER,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...addresses },
  });
  folder.adopt({ name: 'vitest', pid: child.pid ?? 0, signal: 'SIGTERM' });
  const interrupt = (): void => void child.kill('SIGTERM');
  stopping.signal.addEventListener('abort', interrupt, { once: true });
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? EXIT_FAILED)));
  const { passed, failed, skipped } = readReport(code);
  if (skipped.length > 0) say(`Skipped: ${skipped.join('; ')}`);
  say(`${passed} passed, ${failed} failed`);
  return code === 0 && failed === 0 && passed > 0 ? 0 : EXIT_FAILED;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Counts tests; a file that could not be run, and a Vitest that ended badly without saying why, count as failures. */
function readReport(code: number): { passed: number; failed: number; skipped: string[] } {
  let report: Report;
  try {
    // Vitest's JSON reporter, in the shape of Jest's.
    report = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failed = tests.filter(({ status }) => status === 'failed').length + brokenFiles;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map((test) => test.fullName);
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}
