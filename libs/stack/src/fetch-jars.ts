/** Fetches the broker's and the registry's jars, once per version, into a cache that is complete or absent. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StackError } from './stack-error.ts';
import type { Log } from './stack-folder.ts';

export interface Jars {
  /** Holds the broker and everything it needs. */
  readonly kafkaFolder: string;
  /** Holds the registry's runner. */
  readonly registryFolder: string;
}

const POM = fileURLToPath(new URL('../local/pom.xml', import.meta.url));
const HASH_LENGTH = 12;
const PROGRESS_EVERY_MS = 5_000;
const COMPLAINT_LINES_MAX = 6;

/** The jars as pinned in `local/pom.xml`; the folder's name is the pom's hash, so another version is another folder. */
export async function fetchJars({ cacheFolder, maven, log, signal }: FetchOptions): Promise<Jars> {
  const folder = await jarsFolder(cacheFolder);
  if (!existsSync(folder)) await fetchInto({ folder, cacheFolder, maven, log, signal });
  return { kafkaFolder: join(folder, 'kafka'), registryFolder: join(folder, 'registry') };
}

/** True when nothing has to be fetched any more. */
export async function hasJars(cacheFolder: string): Promise<boolean> {
  return existsSync(await jarsFolder(cacheFolder));
}

async function jarsFolder(cacheFolder: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, HASH_LENGTH);
  return join(cacheFolder, `jars-${hash}`);
}

interface FetchOptions {
  readonly cacheFolder: string;
  readonly maven: string | null;
  readonly log: Log;
  readonly signal: AbortSignal;
}

async function fetchInto({
  folder,
  cacheFolder,
  maven,
  log,
  signal,
}: FetchOptions & { folder: string }): Promise<void> {
  if (maven === null) {
    throw new StackError(
      'Maven was not found, and it is needed once to fetch Kafka and the schema registry: install Maven (`mvn` in the PATH).',
    );
  }
  log('Fetching Apache Kafka and the schema registry (about 150 MB, only this first time) …');
  const partial = join(cacheFolder, `partial-${process.pid}`);
  await mkdir(partial, { recursive: true });
  try {
    await runMaven({ maven, target: partial, log, signal });
    await rename(partial, folder).catch((error: unknown) => {
      // Another start was faster, and fetched the same.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

interface MavenOptions {
  readonly maven: string;
  readonly target: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

async function runMaven({ maven, target, log, signal }: MavenOptions): Promise<void> {
  const child = spawn(maven, ['-B', '-Dstyle.color=never', '-f', POM, `-Dtarget=${target}`, 'process-resources'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    signal,
  });
  const complaints: string[] = [];
  let downloadedFiles = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('Downloaded from')) downloadedFiles += 1;
    if (line.includes('[ERROR]') && complaints.length < COMPLAINT_LINES_MAX) complaints.push(line);
  });
  const progress = setInterval(() => log(`  … ${downloadedFiles} files so far`), PROGRESS_EVERY_MS);
  const ending = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : `it ended with ${code ?? signal}`));
  });
  clearInterval(progress);
  signal.throwIfAborted();
  if (ending === null) return;
  throw new StackError(
    `Maven could not fetch Kafka and the schema registry (${ending}); it needs to reach Maven Central or your mirror of it:\n${complaints.join('\n')}`,
  );
}
