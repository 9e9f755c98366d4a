/** However a stack is ended, nothing of it stays behind, and the next start goes on with the same data. */

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@paystream/runtime';
import { processIdentity, readStackFile } from '@paystream/stack';
import type { StackFile } from '@paystream/stack';
import { createTestDatabase, createTestMessaging, randomName, testServices } from '@paystream/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/paystream.js', import.meta.url));
const UP_MS_MAX = 90_000;
const END_MS_MAX = 30_000;
const KEY_BYTES = 32;
const PARTITIONS = 2;

let folder: string;
let environment: NodeJS.ProcessEnv;
let removeData: () => Promise<void>;
const started: ChildProcess[] = [];

beforeAll(async () => {
  const services = testServices();
  const topicPrefix = `${randomName('supervisor')}.`;
  const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  const [gateway, accounts, notifier] = databases;
  folder = mkdtempSync(join(tmpdir(), 'paystream supervisor '));
  environment = {
    ...process.env,
    PAYSTREAM_FOLDER: folder,
    KAFKA_BROKERS: services.kafkaBrokers,
    KAFKA_TOPIC_PREFIX: topicPrefix,
    KAFKA_PAYMENT_PARTITIONS: `${PARTITIONS}`,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
    GATEWAY_DATABASE_URL: gateway.url,
    ACCOUNTS_DATABASE_URL: accounts.url,
    NOTIFIER_DATABASE_URL: notifier.url,
    CONTACTS_DATABASE_URL: gateway.url,
    PERSONAL_DATA_KEY: randomBytes(KEY_BYTES).toString('base64'),
  };
  removeData = async () => {
    const log = await createTestMessaging({ topicPrefix });
    await log.messaging.admin.deleteTopics();
    await log.close();
    await Promise.all(databases.map((database) => database.drop()));
    rmSync(folder, { recursive: true, force: true });
  };
});
// The folder has one owner at a time: the next test starts when this one's stack has gone.
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
afterAll(() => removeData());

interface Up {
  /** The process a user sees: it launches the supervisor. */
  readonly launcher: ChildProcess;
  readonly stack: StackFile;
}

async function up(): Promise<Up> {
  const args = [BIN, 'up', '--no-load', '--any-ports'];
  const launcher = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  started.push(launcher);
  const complaint = text(launcher.stderr);
  const isUp = async (): Promise<boolean> => {
    if (launcher.exitCode !== null) throw new Error(`up ended with ${launcher.exitCode}: ${await complaint}`);
    const pid = (await readStackFile(folder))?.pids['supervisor'];
    return pid !== undefined && processIdentity(pid) !== null;
  };
  await waitFor(isUp, { deadlineMs: UP_MS_MAX, intervalMs: 50, what: 'the stack to be up' });
  const stack = await readStackFile(folder);
  if (stack === null) throw new Error('stack.json has gone.');
  return { launcher, stack };
}

/** Runs another command as from another shell. */
async function run(...args: string[]): Promise<{ code: number | null; output: string; complaint: string }> {
  const child = spawn(process.execPath, [BIN, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  return { code: child.exitCode, output, complaint };
}

async function everythingEnds({ pids }: StackFile): Promise<void> {
  const running = (): string[] => Object.keys(pids).filter((name) => processIdentity(pids[name] ?? 0) !== null);
  const what = 'every process to end';
  await waitFor(() => running().length === 0, { deadlineMs: END_MS_MAX, intervalMs: 50, what }).catch(() => {
    throw new Error(`Still running: ${running().join(', ')}`);
  });
}

test('kill -9 of the launcher leaves nothing behind; meanwhile a second start is refused', async () => {
  const { launcher, stack } = await up();
  expect(Object.keys(stack.pids)).toEqual(
    expect.arrayContaining(['supervisor', 'mail-catcher', 'gateway', 'processor', 'accounts', 'notifier']),
  );
  const refused = await run('up', '--no-load');
  expect(refused.complaint).toContain(`Paystream already runs here (process ${stack.pids['supervisor']})`);
  expect(refused.code).toBe(1);

  launcher.kill('SIGKILL');
  await everythingEnds(stack);
  expect(await readStackFile(folder)).toBeNull();
});

test('kill -9 of the supervisor leaves no process, and down clears up the rest', async () => {
  const { stack } = await up();
  process.kill(stack.pids['supervisor'] ?? 0, 'SIGKILL');
  await everythingEnds(stack);
  expect((await run('status')).complaint).toContain('was killed');
  expect(await run('down')).toMatchObject({ code: 0, output: 'Nothing is running.\n' });
  expect(await readStackFile(folder)).toBeNull();
});

test('down ends it from another shell, and the next start has the same merchant', async () => {
  const first = await up();
  const ended = once(first.launcher, 'exit');
  expect(await run('down')).toMatchObject({ code: 0, output: 'Stopping …\nStopped.\n' });
  expect(await ended).toEqual([0, null]);
  await everythingEnds(first.stack);

  const second = await up();
  expect(second.stack.api_key).toBe(first.stack.api_key);
});

test('an app that is killed comes back at its address, with its new process id in stack.json', async () => {
  const { stack } = await up();
  process.kill(stack.pids['accounts'] ?? 0, 'SIGKILL');
  const cameBack = async (): Promise<boolean> => {
    const now = await readStackFile(folder);
    return now !== null && now.pids['accounts'] !== stack.pids['accounts'];
  };
  await waitFor(cameBack, { deadlineMs: UP_MS_MAX, intervalMs: 50, what: 'accounts to come back' });
  const ready = await fetch(`${stack.health_urls['accounts']}/health/ready`);
  expect(ready.status).toBe(200);

  const status = await run('status', '--json');
  // `status --json` prints one object with these members.
  const { processes } = JSON.parse(status.output) as { processes: { name: string; state: string }[] };
  expect(processes.find(({ name }) => name === 'accounts')?.state).toBe('ready');
});
