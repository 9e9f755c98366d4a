/** The local PostgreSQL starts as whoever we are, keeps its data, and comes back after it was killed. */

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { databaseUrls, prepareDatabases } from './databases.ts';
import { anyFreePort } from './ports.ts';
import { preparePostgresHome, removeOutsideHome } from './postgres-home.ts';
import { adminUrl, startPostgres } from './postgres.ts';
import { readSecrets } from './secrets.ts';
import { turnLogs } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import { hasEnded, openStackFolder } from './stack-folder.ts';
import type { StackFolder } from './stack-folder.ts';
import { newFolder, removeFolder } from './testing/temporary-folder.ts';

const END_MS_MAX = 10_000;

interface TestServer {
  readonly folder: StackFolder;
  readonly port: number;
  readonly url: string;
  /** Starts it on its port. */
  readonly start: () => Promise<ServiceProcess>;
  readonly stop: () => Promise<void>;
  /** Removes its data, wherever it was put. */
  readonly remove: () => void;
}

let server: TestServer;

beforeAll(async () => {
  server = await testServer(newFolder());
});
afterEach(() => server.stop());
afterAll(() => server.remove());

async function testServer(path: string): Promise<TestServer> {
  const folder = await openStackFolder({ path, log: () => {} });
  const secrets = readSecrets(path);
  const port = await anyFreePort();
  const started: ServiceProcess[] = [];
  const { signal } = new AbortController();
  turnLogs(path, ['postgres']);
  return {
    folder,
    port,
    url: adminUrl({ port, secrets }),
    start: async () => {
      const process = await startPostgres({ folder, secrets, port, log: () => {}, signal });
      started.push(process);
      return process;
    },
    stop: async () => {
      await Promise.all(started.map((process) => process.stop()));
    },
    remove: () => {
      folder.release();
      removeOutsideHome(path);
      removeFolder(path);
    },
  };
}

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const database = createDatabase({ url, name: 'test', logger, poolSizeMax: 1 });
  try {
    return await database.query<Row>({ text });
  } finally {
    await database.close();
  }
}

function pidFile(): string {
  const { path } = server.folder;
  const home = preparePostgresHome({ folder: path, instance: readSecrets(path).instance, log: () => {} });
  return join(home.folder, 'data', 'postmaster.pid');
}

test('what was committed is there after kill -9, and the left-over pid file is no obstacle', async () => {
  const first = await server.start();
  await ask(server.url, 'create table kept as select 42 as answer');
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  expect(existsSync(pidFile())).toBe(true);

  await server.start();
  expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a pid file whose number was given to a stranger is no obstacle', async () => {
  const first = await server.start();
  const stale = readFileSync(pidFile(), 'utf8');
  await first.stop();
  // As after a restart of the machine: this test's process has the number that the server had.
  writeFileSync(pidFile(), stale.replace(`${first.pid}`, `${process.pid}`));

  await server.start();
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a server that nobody recorded is ended before the next one starts', async () => {
  const left = await server.start();
  server.folder.dismiss(left.pid);
  const second = await server.start();
  expect(second.pid).not.toBe(left.pid);
  expect(await hasEnded(left.pid, '', END_MS_MAX)).toBe(true);
});

test('the server is durable and answers on the loopback address only', async () => {
  await server.start();
  const [settings] = await ask<Record<string, string>>(
    server.url,
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
            current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as addresses`,
  );
  expect(settings).toEqual({ fsync: 'on', pages: 'on', commit: 'on', addresses: '127.0.0.1' });
});

test('every app enters its own database and no other', async () => {
  await server.start();
  const secrets = readSecrets(server.folder.path);
  await prepareDatabases({ adminUrl: server.url, secrets });
  // Again, as at every start.
  await prepareDatabases({ adminUrl: server.url, secrets });

  const urls = databaseUrls({ port: server.port, secrets });
  for (const url of [urls.gateway, urls.accounts, urls.notifier, urls.contacts]) {
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  }
  const intruder = new URL(urls.notifier);
  intruder.pathname = '/accounts';
  await expect(ask(intruder.href, 'select 1')).rejects.toThrow('permission denied');
});

test.runIf(process.getuid?.() === 0)('under root, a folder that nobody else can enter is no obstacle', async () => {
  const above = newFolder();
  chmodSync(above, 0o700);
  const inside = await testServer(join(above, '.paystream'));
  try {
    await inside.start();
    expect(await ask(inside.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    await inside.stop();
    inside.remove();
    removeFolder(above);
  }
});
