/** What is running, as written to `.paystream/stack.json`: the one place where scripts and people find addresses and keys. */

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Replaces the file in one step, so that a reader never sees half of it. It holds keys: only its owner may read it. */
export async function writeStackFile(folder: string, stack: StackFile): Promise<void> {
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
