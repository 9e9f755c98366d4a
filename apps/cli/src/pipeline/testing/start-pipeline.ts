/** Starts the whole system for a test as a user does, with `paystream up`: two instances of every app on the shared services. */

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@paystream/runtime';
import { readStackFile } from '@paystream/stack';
import type { StackFile } from '@paystream/stack';
import { createTestDatabase, createTestMessaging, randomName, testServices } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';

export interface Pipeline {
  /** What a command of ours needs to find it. */
  readonly environment: NodeJS.ProcessEnv;
  /** What `stack.json` says now; process ids change when something was killed. */
  stack(): Promise<StackFile>;
  /** Starts the supervisor again on the same data, after it was stopped or killed. */
  startAgain(): Promise<void>;
  /** Ends the supervisor with a signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Ends everything and removes its topics and databases. */
  close(): Promise<void>;
}

export interface PipelineOptions {
  readonly instances?: number;
  /** Partitions of each payment topic. */
  readonly partitions?: number;
}

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const READY_DEADLINE_MS = 90_000;
const END_DEADLINE_MS = 45_000;
const KEY_BYTES = 32;

export async function startPipeline({ instances = 2, partitions = 4 }: PipelineOptions = {}): Promise<Pipeline> {
  const services = testServices();
  const topicPrefix = `${randomName('pipeline')}.`;
  const folder = await mkdtemp(join(tmpdir(), 'paystream-pipeline-'));
  const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  const [gateway, accounts, notifier] = databases;
  const environment = {
    ...process.env,
    PAYSTREAM_FOLDER: folder,
    KAFKA_BROKERS: services.kafkaBrokers,
    KAFKA_TOPIC_PREFIX: topicPrefix,
    KAFKA_PAYMENT_PARTITIONS: `${partitions}`,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
    GATEWAY_DATABASE_URL: gateway.url,
    ACCOUNTS_DATABASE_URL: accounts.url,
    NOTIFIER_DATABASE_URL: notifier.url,
    CONTACTS_DATABASE_URL: gateway.url,
    PERSONAL_DATA_KEY: randomBytes(KEY_BYTES).toString('base64'),
    LOG_LEVEL: 'warn',
  };

  let supervisor: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const args = [MAIN, 'up', '--no-load', '--any-ports', '--instances', `${instances}`];
    const output: string[] = [];
    const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => void output.push(chunk.toString()));
    }
    supervisor = child;
    const isUp = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Error(`the supervisor ended with ${child.exitCode}:\n${output.join('')}`);
      const stack = await readStackFile(folder);
      return stack?.pids['supervisor'] === child.pid;
    };
    await waitFor(isUp, { deadlineMs: READY_DEADLINE_MS, intervalMs: 100, what: 'the pipeline to be up' }).catch(
      async (error: unknown) => {
        child.kill('SIGTERM');
        throw new Error(`${String(error)}\n${output.join('')}\n${await lastLogs(folder)}`, { cause: error });
      },
    );
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = supervisor;
    supervisor = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit', { signal: AbortSignal.timeout(END_DEADLINE_MS) });
  };
  const close = async (): Promise<void> => {
    await end('SIGTERM');
    const log = await createTestMessaging({ topicPrefix });
    await log.messaging.admin.deleteTopics();
    await log.close();
    await Promise.all(databases.map((database: TestDatabase) => database.drop()));
    await rm(folder, { recursive: true, force: true });
  };
  const stack = async (): Promise<StackFile> => {
    const file = await readStackFile(folder);
    if (file === null) throw new Error('the pipeline is not up');
    return file;
  };

  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { environment, stack, startAgain: start, end, close };
}

/** The ends of the apps' logs, for a start that failed. */
async function lastLogs(folder: string): Promise<string> {
  const names = ['gateway', 'processor', 'accounts', 'notifier'];
  const logs = names.map(async (name) => {
    const text = await readFile(join(folder, 'logs', `${name}.log`), 'utf8').catch(() => '');
    return `--- ${name}\n${text.slice(-2_000)}`;
  });
  return (await Promise.all(logs)).join('\n');
}
