/** What is running, as written to `.paystream/stack.json`: the one place where scripts and people find addresses and keys. */

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from './stack-folder.ts';

/** Connection URLs of each app's own database; `contacts` is the notifier's read-only role on the gateway's contacts view. */
export interface StackDatabases {
  readonly gateway: string;
  readonly accounts: string;
  readonly notifier: string;
  readonly contacts: string;
}

export interface StackFile {
  /** Where the services came from: addresses in the environment, local processes, or Docker. */
  readonly source: ServicesSource;
  readonly gateway_url: string;
  readonly gateway_urls: readonly string[];
  /** Where the first gateway listens to operators. */
  readonly operator_url: string;
  /** Path of the certificate that our gateways show; empty when they speak plain HTTP. */
  readonly gateway_certificate_file: string;
  readonly api_key: string;
  readonly merchant_id: string;
  readonly kafka_brokers: string;
  readonly kafka_topic_prefix: string;
  readonly schema_registry_url: string;
  readonly databases: StackDatabases;
  readonly mail_url: string;
  /** Metrics and health of each process, by the names used in `pids`. */
  readonly health_urls: Readonly<Record<string, string>>;
  readonly pids: Readonly<Record<string, number>>;
}

export type ServicesSource = 'environment' | 'local' | 'docker';

const FILE_NAME = 'stack.json';

export function stackFilePath(folder: string): string {
  return join(folder, FILE_NAME);
}

/** Reads the file, or null when nothing has been written there. */
export async function readStackFile(folder: string): Promise<StackFile | null> {
  try {
    // The file is ours and is replaced whole by a rename, so what is there has this shape.
    return JSON.parse(await readFile(stackFilePath(folder), 'utf8')) as StackFile;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export interface StackFileWriter {
  /** Resolves when the file says this; throws when it cannot be written. Does nothing once the file was removed. */
  write(stack: StackFile): Promise<void>;
  /** As `write`, for news that nobody waits for: a failure is logged. */
  refresh(stack: StackFile): void;
  /** Waits for the write under way, removes the file, and keeps later ones from making it again. */
  remove(): Promise<void>;
}

/** The file of the stack that runs in this folder. Writes follow each other: the last one asked for is what stays. */
export function openStackFile(folder: string, log: Log): StackFileWriter {
  let isRemoved = false;
  let pending: Promise<void> = Promise.resolve();
  const write = (stack: StackFile): Promise<void> => {
    const written = pending.then(() => (isRemoved ? undefined : writeStackFile(folder, stack)));
    // Whoever asked for a write hears of its failure; the next one is tried all the same.
    pending = written.catch(() => {});
    return written;
  };
  return {
    write,
    refresh: (stack) =>
      void write(stack).catch((error: unknown) => log(`${stackFilePath(folder)} is out of date: ${String(error)}`)),
    remove: async () => {
      isRemoved = true;
      await pending;
      await removeStackFile(folder);
    },
  };
}

/** Replaces the file in one step, so that a reader never sees half of it. It holds keys: only its owner may read it. */
async function writeStackFile(folder: string, stack: StackFile): Promise<void> {
  const path = stackFilePath(folder);
  await writeFile(`${path}.new`, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

export async function removeStackFile(folder: string): Promise<void> {
  await rm(stackFilePath(folder), { force: true });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
